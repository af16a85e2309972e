import { describe, expect, it } from 'vitest';
import type { Actor } from '../../lib/domain/actor.ts';
import {
  accessKey,
  type CredentialOverrides,
  daysAgo,
  fact,
  secret,
  userPrincipal,
} from '../builders/credential.ts';
import { announcing, findings, history, openFinding } from '../builders/history.ts';
import { judged } from './policy-fixture.ts';

const party = {
  id: 'acme',
  organisation: 'Acme Ltd',
  contact: 'contact@acme.example',
  sponsor: 'ben',
  contractEnds: '2026-12-31',
  accounts: ['999988887777'],
  paths: ['/vendors/acme/'],
  tags: { vendor: 'acme', role: '*' },
};
const directory = {
  owners: {
    tags: ['owner', 'team'],
    paths: [
      { path: '/ci/', owner: 'ana' },
      { path: '/ci/deep/', owner: 'ben' },
    ],
    default: 'security',
  },
  accounts: [{ id: '444455556666', name: 'sandbox', owner: 'ben' }],
  externalParties: [party],
};
const elsewhere = userPrincipal({ path: '/misc/', userName: 'script' });
const ben = userPrincipal({ path: '/people/', userName: 'ben' });

function ownerOf(overrides: CredentialOverrides) {
  const { owner, outsideParty, recipient } = judged({ directory }, accessKey(overrides));
  return { id: owner.id, source: owner.source, outsideParty, recipient };
}

const tagged = (tags: Record<string, string>) => ({ facts: { tags: fact(tags) } });

describe('whose a credential is: tags, path, mapped person, outside party, account, else unresolved (G21)', () => {
  it.each([
    ['a tag with an id', { principal: ben, ...tagged({ owner: 'ana' }) }, 'ana', 'tag:owner'],
    [
      'a tag with a mail address, in any case',
      { principal: elsewhere, ...tagged({ owner: 'ANA@example.com ' }) },
      'ana',
      'tag:owner',
    ],
    ['a tag with a principal', { principal: elsewhere, ...tagged({ team: 'sso:ana' }) }, 'ana', 'tag:team'],
    ['a tag with a group', { principal: elsewhere, ...tagged({ team: 'security' }) }, 'security', 'tag:team'],
    [
      'the first tag of the list before the second',
      { principal: elsewhere, ...tagged({ team: 'ben', owner: 'ana' }) },
      'ana',
      'tag:owner',
    ],
    [
      'tag keys on users in any case',
      { principal: elsewhere, ...tagged({ OWNER: 'ana' }) },
      'ana',
      'tag:owner',
    ],
    ['a path', { principal: userPrincipal() }, 'ana', 'path'],
    ['the longest path', { principal: userPrincipal({ path: '/ci/deep/er/' }) }, 'ben', 'path'],
    ['the person mapped to the user', { principal: ben }, 'ben', 'person'],
    [
      'the sponsor of the outside party',
      { principal: userPrincipal({ path: '/vendors/acme/' }) },
      'ben',
      'outside-party',
    ],
    [
      'the owner of the account, by default',
      { principal: elsewhere, accountId: '444455556666' },
      'ben',
      'default',
    ],
    ['nobody', { principal: elsewhere }, 'unresolved', 'unresolved'],
  ] as const)('%s', (_what, overrides, id, source) => {
    expect(ownerOf(overrides)).toMatchObject({ id, source });
  });

  const person = (id: string): Actor => ({
    kind: 'person',
    arn: `arn:aws:iam::111122223333:user/${id}`,
    person: id,
  });
  const pipeline: Actor = {
    kind: 'workload',
    arn: 'arn:aws:sts::111122223333:assumed-role/pipeline/ana',
    claimed: 'ana',
  };
  const root: Actor = { kind: 'unresolved', arn: 'arn:aws:iam::111122223333:root' };
  const sandbox = { principal: elsewhere, accountId: '444455556666' };
  it.each([
    ['before nobody', { principal: elsewhere }, person('ana'), 'ana', 'creator'],
    ['before the owner of the account', sandbox, person('ana'), 'ana', 'creator'],
    ['after a tag', { principal: elsewhere, ...tagged({ owner: 'ben' }) }, person('ana'), 'ben', 'tag:owner'],
    ['after a path', { principal: userPrincipal() }, person('ben'), 'ana', 'path'],
    ['after the person mapped to the user', { principal: ben }, person('ana'), 'ben', 'person'],
    [
      'after the sponsor of the outside party',
      { principal: userPrincipal({ path: '/vendors/acme/' }) },
      person('ana'),
      'ben',
      'outside-party',
    ],
    [
      'not when the person left',
      sandbox,
      person('gone'),
      'ben',
      'default (creator names gone, who left on 2026-10-15)',
    ],
    [
      'not when the person is no longer in the directory',
      { principal: elsewhere },
      person('eve'),
      'unresolved',
      'unresolved (created by arn:aws:iam::111122223333:user/eve, who is no person of the directory)',
    ],
    [
      'not when a workload did it, whatever name its session claims (G20)',
      sandbox,
      pipeline,
      'ben',
      `default (created by ${pipeline.arn}, who is no person of the directory)`,
    ],
    [
      'not when root did it',
      { principal: elsewhere },
      root,
      'unresolved',
      `unresolved (created by ${root.arn}, who is no person of the directory)`,
    ],
    [
      'not when tags, which would say more, are unknown',
      { principal: elsewhere, facts: { tags: { unknown: 'denied' } } },
      person('ana'),
      'unresolved',
      'unknown-tags',
    ],
  ] as const)('who created it: %s', (_when, overrides, createdBy, id, source) => {
    const { owner } = judged({ directory, history: history({ createdBy }) }, accessKey(overrides));
    expect(owner).toEqual({ id, source });
  });

  it.each([
    ['a person: the step stays routine', person('ana'), 'ana', 'routine'],
    ['a workload: the default owner heard of it, so a person decides', pipeline, 'security', 'guarded'],
  ] as const)('who created it is %s', (_what, createdBy, recipient, tier) => {
    const told = announcing('disable', 14, { recipient });
    const known = history({
      createdBy,
      findings: findings(openFinding({ rule: 'unused', told: [told] })),
    });
    const idle = accessKey({ principal: elsewhere, facts: { lastUsedAt: fact(daysAgo(60)) } });
    const [finding] = judged({ directory, history: known }, idle).findings;
    expect(finding).toMatchObject({ step: 'disable', tier });
  });

  it('a tag that names nobody is passed over and mentioned', () => {
    expect(ownerOf({ principal: ben, ...tagged({ owner: 'the-intern' }) })).toMatchObject({
      id: 'ben',
      source: 'person (tag:owner names nobody in the directory: "the-intern")',
    });
  });

  it('who has left is passed over and mentioned (G13)', () => {
    expect(ownerOf({ principal: elsewhere, ...tagged({ owner: 'gone' }) })).toMatchObject({
      id: 'unresolved',
      source: 'unresolved (tag:owner names gone, who left on 2026-10-15)',
      recipient: 'security',
    });
  });

  it('until the day somebody leaves they still own', () => {
    const credential = accessKey({ principal: elsewhere, ...tagged({ owner: 'gone' }) });
    expect(judged({ directory, now: '2026-10-14T23:00:00.000Z' }, credential).owner).toEqual({
      id: 'gone',
      source: 'tag:owner',
    });
  });

  it('unknown tags leave the owner unknown, even where a path would name one', () => {
    expect(ownerOf({ facts: { tags: { unknown: 'denied' } } })).toMatchObject({
      id: 'unresolved',
      source: 'unknown-tags',
    });
  });

  it('tag keys on secrets are told apart by case', () => {
    const credential = (key: string) =>
      secret({ name: 'misc/token', facts: { tags: fact({ [key]: 'ana' }) } });
    expect(judged({ directory }, credential('owner')).owner.id).toBe('ana');
    expect(judged({ directory }, credential('Owner')).owner.id).toBe('unresolved');
  });

  it('the name of a secret counts as its path', () => {
    expect(judged({ directory }, secret({ name: 'ci/token' })).owner).toEqual({ id: 'ana', source: 'path' });
    expect(judged({ directory }, secret({ name: 'cicd/token' })).owner.id).toBe('unresolved');
  });
});

describe('the outside party behind a credential is named, whoever owns it (G19)', () => {
  it.each([
    ['by account', { principal: elsewhere, accountId: '999988887777' }],
    ['by path', { principal: userPrincipal({ path: '/vendors/acme/eu/' }) }],
    ['by its tags', { principal: elsewhere, ...tagged({ vendor: 'acme', role: 'feed' }) }],
    ['by an owner tag with its id', { principal: elsewhere, ...tagged({ owner: 'acme' }) }],
    [
      'by an owner tag with its contact',
      { principal: elsewhere, ...tagged({ owner: 'contact@acme.example' }) },
    ],
  ])('%s, and its sponsor owns what nobody else does', (_how, overrides) => {
    expect(ownerOf(overrides)).toMatchObject({ id: 'ben', source: 'outside-party', outsideParty: 'acme' });
  });

  it('an owner by tag stays the owner', () => {
    expect(ownerOf({ accountId: '999988887777', ...tagged({ owner: 'ana' }) })).toMatchObject({
      id: 'ana',
      outsideParty: 'acme',
    });
  });

  it('half of its tags are not its tags', () => {
    expect(ownerOf({ principal: elsewhere, ...tagged({ vendor: 'acme' }) }).outsideParty).toBeUndefined();
  });

  it('a sponsor who left does not own', () => {
    const left = { ...directory, externalParties: [{ ...party, sponsor: 'gone' }] };
    const { owner, outsideParty } = judged(
      { directory: left },
      accessKey({ principal: elsewhere, accountId: '999988887777' }),
    );
    expect({ id: owner.id, outsideParty }).toEqual({ id: 'unresolved', outsideParty: 'acme' });
  });
});

describe('who is told: the owner, else the default, else the risk owner, else nobody', () => {
  const recipientOf = (bounced: string[], owner = 'ana') =>
    judged(
      { directory, history: history({ bounced }) },
      accessKey({ principal: elsewhere, ...tagged({ owner }) }),
    ).recipient;

  it.each([
    [[], 'ana'],
    [['ana'], 'security'],
    [['ana', 'security'], 'risk'],
    [['ana', 'security', 'risk'], ''],
    [['ben'], 'ana'],
  ])('after bounces from %j it is "%s"', (bounced, recipient) => {
    expect(recipientOf(bounced)).toBe(recipient);
  });

  it('a group without an address cannot be told', () => {
    expect(recipientOf([], 'silent')).toBe('security');
  });
});
