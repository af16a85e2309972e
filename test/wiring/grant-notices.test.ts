import { describe, expect, it } from 'vitest';
import type { GrantTelling } from '../../lib/break-glass/index.ts';
import { foldGrant } from '../../lib/domain/grant.ts';
import type { DeliveryResult, Notice, NoticeDelivery } from '../../lib/notify/index.ts';
import { announcementBy, concernedBy } from '../../lib/wiring/break-glass/announcing.ts';
import { tellingBy } from '../../lib/wiring/break-glass/telling.ts';
import { brokerPolicy, PEOPLE } from '../api/broker-ground.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { chainOf } from '../builders/event.ts';
import { GRANT_DRAFTS, GRANT_ID } from '../builders/grant-drafts.ts';

const clock = { now: () => NOW };

function route(outcome: DeliveryResult['outcome']) {
  const sent: Notice[] = [];
  const result: DeliveryResult =
    outcome === 'accepted' ? { outcome, receipt: 'r' } : { outcome, reason: 'a test' };
  const delivery: NoticeDelivery = {
    route: 'test',
    deliver: async (notice) => {
      sent.push(notice);
      return result;
    },
  };
  return { sent, delivery };
}

function grant() {
  const { 'grant.requested': requested } = GRANT_DRAFTS;
  const data = { ...requested.data, reviewers: ['bo', 'cy'], approvers: ['bo'] };
  const folded = foldGrant(chainOf(`grant#${GRANT_ID}`, [{ ...requested, data }]));
  if (folded === undefined) throw new Error('the draft makes no grant');
  return folded;
}

const left = brokerPolicy({
  directory: {
    people: PEOPLE.map((id) => ({
      id,
      mail: `${id}@example.com`,
      principals: [`sso:${id}`],
      ...(id === 'cy' ? { leftOn: '2026-01-01' } : {}),
    })),
    accounts: [{ id: ACCOUNT, name: 'main', owner: 'eve' }],
  },
});

describe('that a grant began is told to everybody at once', () => {
  it('who reviews or approves it, who answers for the account and the policy, and whoever watches; not who has left', async () => {
    const [people, topic] = [route('accepted'), route('accepted')];
    const routes = { people: people.delivery, watching: [topic.delivery] };
    await announcementBy(routes, clock)(left).announce(grant());
    expect(people.sent.map(({ recipient }) => recipient.id).toSorted()).toEqual(['bo', 'eve']);
    expect(topic.sent.map(({ recipient }) => recipient.id)).toEqual(['operators']);
    const ids = [...people.sent, ...topic.sent].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await announcementBy(routes, clock)(left).announce(grant());
    expect(new Set(people.sent.map(({ id }) => id)).size).toBe(2);
  });

  it('one that takes it over is enough; nobody at all is trouble, and tried again', async () => {
    const [people, topic] = [route('refused'), route('accepted')];
    const told = announcementBy({ people: people.delivery, watching: [topic.delivery] }, clock)(left);
    await expect(told.announce(grant())).resolves.toBe(undefined);
    const silent = { people: route('unknown').delivery, watching: [route('refused').delivery] };
    await expect(announcementBy(silent, clock)(left).announce(grant())).rejects.toMatchObject({
      code: 'nobody-told',
      source: 'system',
    });
  });

  it('concerned are the owner of the account, where it has one, and who answers for the policy', () => {
    expect(concernedBy(left)(ACCOUNT)).toEqual(['eve', 'bo']);
    expect(concernedBy(left)('444455556666')).toEqual(['bo']);
  });
});

describe('what comes after a grant is told one by one', () => {
  const telling = (recipient: string): GrantTelling => ({
    about: 'ended',
    recipient,
    grant: grant(),
    summary: [],
  });

  it.each<[string, string, DeliveryResult['outcome'], DeliveryResult['outcome'], string]>([
    ['taken over by mail', 'bo', 'accepted', 'refused', 'accepted'],
    ['without mail, by the topic', 'bo', 'refused', 'accepted', 'accepted'],
    ['by mail nobody can say, though others have a copy', 'bo', 'unknown', 'accepted', 'unknown'],
    ['nobody can say', 'bo', 'refused', 'unknown', 'unknown'],
    ['refused everywhere', 'bo', 'refused', 'refused', 'refused'],
    ['to somebody who has left', 'cy', 'accepted', 'accepted', 'refused'],
    ['to nobody of the directory', 'mallory', 'accepted', 'accepted', 'refused'],
  ])('%s', async (_what, recipient, mail, topic, outcome) => {
    const routes = { people: route(mail).delivery, watching: [route(topic).delivery] };
    expect(await tellingBy(routes, left, clock)(telling(recipient), 'notice/asked/1')).toBe(outcome);
  });
});
