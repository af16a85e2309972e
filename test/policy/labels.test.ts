import { describe, expect, it } from 'vitest';
import type { Credential } from '../../lib/domain/credential.ts';
import {
  accessKeyLabels,
  isTagKey,
  isTagValue,
  labelledAccessKey,
  missingLabels,
  obsoleteAccessKeyLabels,
  secretLabels,
  tagOf,
} from '../../lib/domain/label.ts';
import {
  accessKey,
  consolePassword,
  daysAgo,
  fact,
  rootAccessKey,
  secret,
  serviceSpecificCredential,
  signingCertificate,
} from '../builders/credential.ts';
import { judged } from './policy-fixture.ts';

const ID = 'AKIAEXAMPLEDEPLOYER0';
const denied = { unknown: 'denied' };
const lifetime = {
  'access-key': '90d',
  secret: '90d',
  'root-access-key': '90d',
  'console-password': '90d',
  'signing-certificate': '90d',
};
const created = fact('2026-09-01T12:00:00.000Z');

function of(credential: Credential, lifetimes: Record<string, unknown> = lifetime) {
  const { expiresAt, labels } = judged({ janitor: { lifetime: lifetimes } }, credential);
  return { expiresAt, labels };
}

describe('when a credential should end', () => {
  it.each([
    ['a key: from its creation', accessKey({ facts: { createdAt: created } }), '2026-11-30T12:00:00.000Z'],
    [
      'a secret: from its last rotation',
      secret({ facts: { createdAt: created, lastRotatedAt: fact('2026-10-01T00:00:00.000Z') } }),
      '2026-12-30T00:00:00.000Z',
    ],
    [
      'a secret never rotated: from its creation',
      secret({ facts: { createdAt: created, lastRotatedAt: fact(null) } }),
      '2026-11-30T12:00:00.000Z',
    ],
    [
      'a secret restored from a copy: not before its creation',
      secret({ facts: { createdAt: created, lastRotatedAt: fact('2020-01-01T00:00:00.000Z') } }),
      '2026-11-30T12:00:00.000Z',
    ],
    [
      'a password: from its last change',
      consolePassword({ facts: { createdAt: created, lastChangedAt: fact('2026-10-01T00:00:00.000Z') } }),
      '2026-12-30T00:00:00.000Z',
    ],
    [
      'a root key: from its creation',
      rootAccessKey({ facts: { createdAt: created } }),
      '2026-11-30T12:00:00.000Z',
    ],
    [
      'a certificate: from its creation',
      signingCertificate({ facts: { createdAt: created } }),
      '2026-11-30T12:00:00.000Z',
    ],
    [
      'a service-specific credential: its own end',
      serviceSpecificCredential({ facts: { expiresAt: fact('2026-11-11T00:00:00.000Z') } }),
      '2026-11-11T00:00:00.000Z',
    ],
    [
      'a service-specific credential without end',
      serviceSpecificCredential({ facts: { expiresAt: fact(null) } }),
      null,
    ],
    ['a creation date that is unknown', accessKey({ facts: { createdAt: denied } }), null],
    [
      'a rotation date that is unknown',
      secret({ facts: { createdAt: created, lastRotatedAt: denied } }),
      null,
    ],
    [
      'a rotation date that was never read',
      secret({ facts: { createdAt: created }, omit: ['lastRotatedAt'] }),
      null,
    ],
  ])('%s', (_what, credential, expected) => {
    expect(of(credential).expiresAt).toBe(expected);
  });

  it('without a lifetime in the policy there is none', () => {
    expect(of(accessKey(), {})).toEqual({ expiresAt: null, labels: {} });
  });

  it('the last change of a secret does not move it: AWS moves that date on our own tags too (I6)', () => {
    const at = (changed: string) =>
      of(secret({ facts: { createdAt: created, lastChangedAt: fact(changed) } })).labels;
    expect(at('2026-10-14T00:00:00.000Z')).toEqual(at('2026-09-02T00:00:00.000Z'));
  });
});

describe('labels say owner and expiry where people look', () => {
  it('one tag on the user per access key, under our prefix: the bare id is the description in the console', () => {
    const { labels } = of(
      accessKey({ facts: { createdAt: created, tags: fact({ owner: 'ana', [ID]: 'deploys the shop' }) } }),
    );
    expect(labels).toEqual({ [`janitor:${ID}`]: 'owner=ana expires=2026-11-30' });
  });

  it('two tags on a secret', () => {
    const { labels } = of(
      secret({ facts: { createdAt: created, lastRotatedAt: fact(null), tags: fact({ owner: 'ana' }) } }),
    );
    expect(labels).toEqual({ 'janitor:owner': 'ana', 'janitor:expires': '2026-11-30' });
  });

  it.each([
    ['the key id is unknown', accessKey({ facts: { accessKeyId: denied } })],
    ['the expiry is unknown', accessKey({ facts: { createdAt: denied } })],
    ['the tags are unknown', accessKey({ facts: { tags: denied } })],
    ['it is no key and no secret', consolePassword()],
  ])('none when %s', (_what, credential) => {
    expect(of(credential).labels).toEqual({});
  });
});

describe('rules of tags', () => {
  it.each([
    [`janitor:${ID}`, true],
    ['Größe 1_.:/=+-@', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['', false],
    ['aws:created', false],
    ['AWS:created', false],
    ['a*b', false],
    ['tab\there', false],
  ])('%j as a key: %s', (key, expected) => {
    expect(isTagKey(key)).toBe(expected);
  });

  it.each([
    ['owner=ana expires=2026-11-30', true],
    ['', true],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
    ['{json}', false],
  ])('%j as a value: %s', (value, expected) => {
    expect(isTagValue(value)).toBe(expected);
  });

  it('every label the policy can make is a tag that AWS takes', () => {
    const owner = 'a'.repeat(64);
    const labels = {
      ...accessKeyLabels('A'.repeat(110), owner, '2026-11-30T00:00:00.000Z'),
      ...secretLabels(owner, '2026-11-30T00:00:00.000Z'),
    };
    for (const [key, value] of Object.entries(labels))
      expect([isTagKey(key), isTagValue(value)]).toEqual([true, true]);
  });

  it.each([
    ['on a user, in any case', { JANITOR: 'x' }, false, 'x'],
    ['on a secret, only in this', { JANITOR: 'x' }, true, undefined],
    ['the exact key first', { JANITOR: 'x', janitor: 'y' }, false, 'y'],
    ['nothing every object has', {}, false, undefined],
  ])('finds a tag %s', (_what, tags, caseSensitive, expected) => {
    expect(tagOf(tags, 'janitor', caseSensitive)).toBe(expected);
    expect(tagOf(tags, 'constructor', caseSensitive)).toBeUndefined();
  });

  it('what is missing or differs, and nothing else', () => {
    const labels = { 'janitor:owner': 'ana', 'janitor:expires': '2026-11-30' };
    expect(missingLabels(labels, { 'janitor:owner': 'ana', 'janitor:expires': '2026-11-29' }, true)).toEqual({
      'janitor:expires': '2026-11-30',
    });
    expect(missingLabels(labels, { 'Janitor:Owner': 'ana', 'JANITOR:EXPIRES': '2026-11-30' }, false)).toEqual(
      {},
    );
  });

  it('labels of keys the user no longer has go; other tags and descriptions stay', () => {
    const tags = {
      [`janitor:${ID}`]: 'a',
      'janitor:akiaexamplegone00000': 'b',
      AKIAEXAMPLEGONE00000: 'a description',
      'janitor:owner': 'ana',
      team: 'x',
    };
    expect(obsoleteAccessKeyLabels(tags, [ID])).toEqual(['janitor:akiaexamplegone00000']);
    expect(obsoleteAccessKeyLabels(tags, [])).toEqual([`janitor:${ID}`, 'janitor:akiaexamplegone00000']);
  });

  it.each([
    [`janitor:${ID}`, ID],
    [`Janitor:${ID.toLowerCase()}`, ID],
    [ID, undefined],
    ['janitor:owner', undefined],
    [`xjanitor:${ID}`, undefined],
  ])('%s labels %s', (key, id) => {
    expect(labelledAccessKey(key)).toBe(id);
  });

  it('a key is labelled again only when owner or expiry changed (I6)', () => {
    const bare = accessKey({ facts: { createdAt: fact(daysAgo(10)), tags: fact({ owner: 'ana' }) } });
    const { labels } = of(bare);
    const after = accessKey({
      facts: { createdAt: fact(daysAgo(10)), tags: fact({ owner: 'ana', ...labels }) },
    });
    const rule = {
      id: 'labels',
      why: 'Say whose it is, in the console.',
      owner: 'ana',
      reviewedOn: '2026-10-01',
      reviewEvery: '180d',
      credential: 'access-key',
      match: { labelled: false },
      steps: ['tag'],
    };
    expect(judged({ janitor: { rules: [rule] } }, bare).verdict).toMatchObject({
      outcome: 'act',
      step: 'tag',
    });
    expect(judged({ janitor: { rules: [rule] } }, after).verdict.outcome).toBe('keep');
  });
});
