import { describe, expect, it } from 'vitest';
import { EXPOSED_RULE } from '../../lib/domain/grant-evidence.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { MATCH_KEYS } from '../../lib/policy/match-schema.ts';
import {
  ACCOUNT,
  AS_OF,
  accessKey,
  consolePassword,
  daysAgo,
  fact,
  rootAccessKey,
  secret,
  serviceSpecificCredential,
  signingCertificate,
  userPrincipal,
} from '../builders/credential.ts';
import { history, rotation, unfinishedRotation } from '../builders/history.ts';
import { asked, denied, key } from './match-fixture.ts';

/** An instant before the evidence ends: the last four hours prove nothing. */
const finished = (days: number) => ({ rotation: rotation({ at: daysAgo(days) }) });
const begun = { rotation: unfinishedRotation() };
const exposed = (days: number) => ({
  findings: { [EXPOSED_RULE]: { rule: EXPOSED_RULE, openedAt: daysAgo(days), told: [], done: [] } },
});
const provenAgo = (days: number): Instant => daysAgo(days, '2026-10-15T04:00:00.000Z');

describe('every match key answers yes, no or unknown (G22)', () => {
  it.each([
    ['status', 'active', key(), key({ status: fact('inactive') }), key({ status: denied })],
    [
      'status, a list',
      ['inactive', 'expired'],
      key({ status: fact('expired') }),
      key(),
      key({ status: denied }),
    ],
    ['status, one AWS invents', 'active', key(), key({ status: fact('suspended') }), key({ status: denied })],
    [
      'age',
      '90d',
      key({ createdAt: fact(daysAgo(90)) }),
      key({ createdAt: fact(daysAgo(89.99)) }),
      key({ createdAt: denied }),
    ],
    [
      'unusedFor',
      '45d',
      key({ lastUsedAt: fact(provenAgo(45)) }),
      key({ lastUsedAt: fact(provenAgo(44.99)) }),
      key({ lastUsedAt: denied }),
    ],
    [
      'unusedFor, never used',
      '45d',
      key({ lastUsedAt: fact(null) }),
      key({ lastUsedAt: fact(null), createdAt: fact(provenAgo(44)) }),
      key({ lastUsedAt: fact(null), createdAt: denied }),
    ],
    [
      'usedWithin',
      '45d',
      key({ lastUsedAt: fact(provenAgo(44.99)) }),
      key({ lastUsedAt: fact(provenAgo(45)) }),
      key({ lastUsedAt: denied }),
    ],
    [
      'usedWithin, never used',
      '45d',
      key(),
      key({ lastUsedAt: fact(null), createdAt: fact(daysAgo(1)) }),
      accessKey({ omit: ['lastUsedAt'] }),
    ],
    ['neverUsed', true, key({ lastUsedAt: fact(null) }), key(), key({ lastUsedAt: denied })],
    ['neverUsed, false', false, key(), key({ lastUsedAt: fact(null) }), key({ lastUsedAt: denied })],
    [
      'tags',
      { project: 'x' },
      key({ tags: fact({ Project: 'x' }) }),
      key({ tags: fact({ project: 'y' }) }),
      key({ tags: denied }),
    ],
    ['tags, any value', { project: '*' }, key({ tags: fact({ project: '' }) }), key(), key({ tags: denied })],
    ['tags, absent', { project: null }, key(), key({ tags: fact({ project: 'x' }) }), key({ tags: denied })],
    [
      'tags, all of them',
      { a: '1', b: '*' },
      key({ tags: fact({ a: '1', b: '2' }) }),
      key({ tags: fact({ a: '1' }) }),
      key({ tags: denied }),
    ],
    [
      'owner',
      'ana',
      key({ tags: fact({ owner: 'ana' }) }),
      key({ tags: fact({ owner: 'ben' }) }),
      key({ tags: denied }),
    ],
    ['owner, unresolved', 'unresolved', key(), key({ tags: fact({ owner: 'ana' }) }), key({ tags: denied })],
    ['outsideParty', 'acme', key({ tags: fact({ vendor: 'acme' }) }), key(), key({ tags: denied })],
    [
      'outsideParty, contract ended',
      'contract-ended',
      accessKey({ principal: userPrincipal({ path: '/acme/' }) }),
      key(),
      key({ tags: denied }),
    ],
    [
      'labelled',
      false,
      key(),
      key({ tags: fact({ 'janitor:AKIAEXAMPLEDEPLOYER0': 'owner=unresolved expires=2026-06-27' }) }),
      key({ accessKeyId: denied }),
    ],
    [
      'labelled, age unknown',
      true,
      key({ tags: fact({ 'janitor:AKIAEXAMPLEDEPLOYER0': 'owner=unresolved expires=2026-06-27' }) }),
      key(),
      key({ createdAt: denied }),
    ],
    [
      'rotation',
      'off',
      secret({ facts: { rotation: fact('off') } }),
      secret(),
      secret({ facts: { rotation: denied } }),
    ],
    [
      'rotation, a list',
      ['overdue', 'failed'],
      secret({ facts: { rotation: fact('failed') } }),
      secret(),
      secret({ omit: ['rotation'] }),
    ],
    [
      'notRotatedFor',
      '30d',
      secret({ facts: { lastRotatedAt: fact(daysAgo(30, AS_OF)) } }),
      secret(),
      secret({ facts: { lastRotatedAt: denied } }),
    ],
    [
      'notRotatedFor, never',
      '30d',
      secret({ facts: { lastRotatedAt: fact(null) } }),
      secret({ facts: { lastRotatedAt: fact(null), createdAt: fact(daysAgo(5)) } }),
      secret({ facts: { lastRotatedAt: fact(null), createdAt: denied } }),
    ],
    [
      'mfa',
      false,
      consolePassword({ facts: { mfaActive: fact(false) } }),
      consolePassword(),
      consolePassword({ facts: { mfaActive: denied } }),
    ],
    [
      'mfa, true',
      true,
      consolePassword(),
      consolePassword({ facts: { mfaActive: fact(false) } }),
      consolePassword({ omit: ['mfaActive'] }),
    ],
    [
      'expiry',
      'none',
      serviceSpecificCredential({ facts: { expiresAt: fact(null) } }),
      serviceSpecificCredential(),
      serviceSpecificCredential({ facts: { expiresAt: denied } }),
    ],
    [
      'age',
      '90d',
      signingCertificate(),
      signingCertificate({ facts: { createdAt: fact(daysAgo(3)) } }),
      signingCertificate({ facts: { createdAt: denied } }),
    ],
    [
      'unusedFor',
      '20d',
      rootAccessKey(),
      rootAccessKey({ facts: { lastUsedAt: fact(daysAgo(2)) } }),
      rootAccessKey({ facts: { lastUsedAt: denied } }),
    ],
  ])('%s: %j', (name, value, fitting, other, unreadable) => {
    const match = { [name.split(',')[0] ?? '']: value };
    expect([asked(match, fitting), asked(match, other), asked(match, unreadable)]).toEqual([
      'yes',
      'no',
      'unknown',
    ]);
  });

  it.each([
    ['account', ACCOUNT, key(), accessKey({ accountId: '444455556666' })],
    ['region', ['eu-central-1', 'us-east-1'], secret(), secret({ region: 'eu-west-1' })],
    ['path', '/ci/', key(), accessKey({ principal: userPrincipal({ path: '/cicd/' }) })],
    ['path', '/prod/', secret(), secret({ name: 'production/db' })],
    ['path', '/prod/', secret({ name: '/prod/db' }), secret({ name: 'prod' })],
    ['name', 'deployer', key(), accessKey({ principal: userPrincipal({ userName: 'deployer2' }) })],
    ['name', 'dep*', key(), accessKey({ principal: userPrincipal({ userName: 'redeploy' }) })],
    ['name', 'AKIAEXAMPLEDEPLOYER0', key(), accessKey({ name: 'AKIAEXAMPLEDEPLOYER1' })],
    ['name', ['prod/*'], secret(), secret({ name: 'test/db' })],
  ])('%s: %j, which is always known', (name, value, fitting, other) => {
    expect([asked({ [name]: value }, fitting), asked({ [name]: value }, other)]).toEqual(['yes', 'no']);
  });

  it.each([
    ['replaced', true, finished(1), begun],
    ['replaced', false, begun, finished(1)],
    ['replaced', false, {}, finished(100)],
    ['replacedFor', '7d', finished(7), finished(6)],
    ['replacedFor', '7d', finished(100), {}],
    ['exposed', true, exposed(1), {}],
    ['exposed', true, { ...exposed(1), ...begun }, { ...exposed(2), ...finished(1) }],
    ['exposed', false, { ...exposed(2), ...finished(2) }, { ...exposed(1), ...finished(2) }],
  ] as const)('%s: %j, which the ledger always knows', (name, value, fitting, other) => {
    const answers = [fitting, other].map((past) => asked({ [name]: value }, key(), undefined, history(past)));
    expect(answers).toEqual(['yes', 'no']);
  });

  it('every key of every kind has an example above', () => {
    const shown = new Set([
      'status',
      'age',
      'unusedFor',
      'usedWithin',
      'neverUsed',
      'tags',
      'owner',
      'outsideParty',
      'labelled',
      'rotation',
      'notRotatedFor',
      'replaced',
      'replacedFor',
      'exposed',
      'mfa',
      'expiry',
      'account',
      'region',
      'path',
      'name',
    ]);
    expect(
      Object.values(MATCH_KEYS)
        .flat()
        .filter((one) => !shown.has(one)),
    ).toEqual([]);
  });
});
