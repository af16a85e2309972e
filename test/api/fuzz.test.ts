import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { iamUser, PARTNER, person, STRANGER, session } from '../service/callers.ts';
import { ServiceGround } from '../service/service-ground.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { anything, calls, expectDocumented, OPERATIONS, type Subject } from './fuzz.ts';
import { handlerFor } from './gateway.ts';

const CALLERS = [
  ...['alice', 'bob', 'carol', 'dave', 'erin', 'nobody'].map(person),
  session('planner', 'agent-1'),
  session('deploy', 'ci'),
  session('vendor', 'app', 'AROAPARTNER000000000', PARTNER),
  session('stranger', 'app', 'AROASTRANGER00000000', STRANGER),
  iamUser('unmapped'),
  { ...person('alice'), userId: 'AROAOTHER00000000000:bob' },
];

/** What is asked for has many forms. */
const RUNS: Readonly<Record<string, number>> = {
  submitRequest: 400,
  openChallenge: 120,
  approveRequest: 150,
};

/** The real service over an embedded AWS, with one of everything that can be asked about. */
async function realSubject(): Promise<Subject> {
  const ground = await ServiceGround.open();
  const key = await ground.warnedKey();
  const asked = await ground.asked(person('erin'), ground.content(key));
  const ended = await ground.asked(person('erin'), ground.content(key, { reason: 'again' }));
  await ground.service.withdrawRequest(person('erin'), ended.requestId, undefined);
  const brief = { endsAt: plus(ground.ground.now(), DAY_MS) };
  const inForce = await ground.asked(person('erin'), ground.content(key, brief));
  const { challenge } = await ground.service.openChallenge(person('dave'), {
    challenged: { kind: 'step', credentialId: key.id, rule: KEY_RULE, step: 'disable' },
    reason: 'it is in use',
  });
  const soon = [1, 5, 29, 400].map((days) => plus(ground.ground.now(), days * DAY_MS));
  const ids = [asked.requestId, ended.requestId, inForce.requestId, 'request-unknown'];
  const { hash } = ground.policy;
  const plausible = {
    requestId: [
      ...Array(6).fill(ids).flat(),
      ...Array.from({ length: 50 }, (_, index) => `request-new-${index}`),
    ],
    exceptionId: ids,
    challengeId: [challenge.challengeId],
    credentialId: [key.id, key.keyId, `${key.id}0`],
    id: [key.id, key.keyId, ...ids, challenge.challengeId, 'plan/111122223333/1'],
    rules: [[KEY_RULE], ['no-such-rule']],
    rule: [KEY_RULE, 'no-such-rule'],
    requestHash: [asked.requestHash, inForce.requestHash, 'a'.repeat(64)],
    planId: ['plan/111122223333/1'],
    hash: [hash],
    businessOwner: ['erin', 'nobody'],
    beneficiary: ['erin', 'nobody'],
    endsAt: soon,
    ask: [
      ground.content(key).ask,
      { kind: 'restore', credentialId: key.id },
      { kind: 'rotate-now', credentialId: key.id },
      { kind: 'extension', exceptionId: inForce.requestId },
    ],
    while: [{ ticket: 'open' }, { owner: 'same' }, {}],
    planHash: ['b'.repeat(64)],
    // Mostly left out.
    delegation: [...Array(8).fill(undefined), [], [{ version: 1 }]],
    ticket: ['OPS-7', 'XX-1'],
    reason: ['The migration needs it', 'aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    at: soon,
    number: ['1', '2'],
  };
  const handler = handlerFor(async () => ground.service);
  const identities = CALLERS.map(({ accountId, arn, userId }) => ({
    accountId,
    userArn: arn,
    user: userId,
    caller: userId,
  }));
  return { handler, plausible, identities, stored: () => ground.ground.written.length, answered: new Set() };
}

describe('whatever is sent, only what the document says is answered: no 5xx, nothing stored on 4xx (I20)', () => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await realSubject();
  });

  it.each(OPERATIONS.map((each) => [String(each.operation.operationId), each] as const))(
    '%s, as described and with one thing wrong',
    async (_name, operation) => {
      await fc.assert(
        fc.asyncProperty(calls(operation, subject), (sent) => expectDocumented(subject, sent)),
        { numRuns: RUNS[String(operation.operation.operationId)] ?? 40, seed: 5 },
      );
    },
  );

  it('arbitrary bytes at any path', async () => {
    await fc.assert(
      fc.asyncProperty(anything(subject), (sent) => expectDocumented(subject, sent)),
      { numRuns: 250, seed: 5 },
    );
  });

  it('and much of it got past every schema', () => {
    const reached = [
      'submitRequest 200',
      'submitRequest caller-unresolved',
      'submitRequest request-conflict',
      'submitRequest end-too-far',
      'approveRequest another-request',
      'placeHalt 200',
      'placeHalt secret-shaped',
      'openChallenge finding-not-found',
      'decideChallenge not-an-approver',
      'restore nothing-to-restore',
      'getRequest caller-refused',
      'explain 200',
    ];
    expect([...subject.answered]).toEqual(expect.arrayContaining(reached));
  });
});
