import { beforeEach, describe, expect, it } from 'vitest';
import { subjects } from '../../lib/domain/subject.ts';
import { DAY_MS } from '../../lib/domain/time.ts';
import {
  approveRequest,
  decideChallenge,
  exceptionEffect,
  executeRequest,
  lapseRequest,
  openChallenge,
  rejectRequest,
  revokeException,
  type Tell,
  type ToldOutcome,
  tellOf,
  withdrawRequest,
} from '../../lib/requests/index.ts';
import { agent, asker, REQUEST_ID, STEP_TARGET } from '../builders/asked.ts';
import { by, Ground, SERVICE } from './ground.ts';

const SUBJECT = subjects.request(REQUEST_ID);
let ground: Ground;
let sent: string[];
let ids: string[];
/** What the route answers to each person; everybody else is reached. */
let answers: Record<string, ToldOutcome | 'crash'>;

beforeEach(async () => {
  ground = await Ground.open();
  sent = [];
  ids = [];
  answers = {};
});

const tell: Tell = async ({ kind, about, recipient, state }, noticeId) => {
  sent.push(`${recipient}: ${about} ${kind} ${state}`);
  ids.push(noticeId);
  const answer = answers[recipient] ?? 'accepted';
  if (answer === 'crash') throw new Error('the process died here');
  return answer;
};

/** Whom one run of the reconciler tells now. */
async function told(subject: string = SUBJECT): Promise<string[]> {
  sent = [];
  await tellOf(ground.context, { subject, actor: SERVICE, tell });
  return sent;
}

const approve = async (person: string, requestHash: string) =>
  approveRequest(ground.context, { requestId: REQUEST_ID, requestHash, actor: asker(person) });

describe('I11: who is asked to approve', () => {
  it('everybody of the group who may, and nobody who asks, is served or has approved', async () => {
    const { requestHash } = await ground.submitted();
    expect(await told()).toEqual([
      'bo: pending request pending',
      'cy: pending request pending',
      'fay: pending request pending',
    ]);
    await approve('bo', requestHash);
    expect(await told()).toEqual([]);
  });

  it('an approver who joins while it waits is asked, the others are not asked again', async () => {
    await ground.submitted();
    await told();
    const { guarded, critical } = ground.context.rules.approvals;
    const joined = { ...critical, members: [...critical.members, 'olga', 'iam-owner'] };
    sent = [];
    const context = ground.under({ approvals: { guarded, critical: joined } });
    await tellOf(context, { subject: SUBJECT, actor: SERVICE, tell });
    expect(sent).toEqual(['olga: pending request pending', 'iam-owner: pending request pending']);
  });

  it('nobody, where the policy approved or denied it by itself', async () => {
    await ground.submit({ content: { endsAt: new Date(Date.parse(ground.now) + DAY_MS).toISOString() } });
    expect(await told()).toEqual([]);
    const alone = by(agent('planner'), { autonomous: true });
    await ground.submit({ requestId: 'request-0002', requester: alone });
    expect(await told(subjects.request('request-0002'))).toEqual([]);
  });
});

describe('what came of a request is told to whoever asked, is served or answers for it', () => {
  it('approved, then done: each once', async () => {
    const { requestHash } = await ground.submitted();
    await approve('bo', requestHash);
    await approve('cy', requestHash);
    expect(await told()).toEqual(['ana', 'olga', 'dora'].map((each) => `${each}: approved request approved`));
    const effect = exceptionEffect(ground.context, {
      actor: SERVICE,
      owner: 'dora',
      takeEffect: async () => {},
    });
    await executeRequest(ground.context, { requestId: REQUEST_ID, actor: SERVICE, effect });
    expect(await told()).toEqual(['ana', 'olga', 'dora'].map((each) => `${each}: outcome request done`));
    expect(await told()).toEqual([]);
  });

  it('rejected, withdrawn and lapsed, but not to the person who did it', async () => {
    await ground.submitted();
    await rejectRequest(ground.context, { requestId: REQUEST_ID, actor: asker('bo'), reason: 'no' });
    expect(await told()).toEqual(['ana', 'olga', 'dora'].map((each) => `${each}: outcome request rejected`));
    await ground.submitted({ requestId: 'request-0002' });
    await withdrawRequest(ground.context, { requestId: 'request-0002', actor: asker('ana') });
    expect(await told(subjects.request('request-0002'))).toEqual([
      'olga: outcome request withdrawn',
      'dora: outcome request withdrawn',
    ]);
    await ground.submitted({ requestId: 'request-0003' });
    ground.pass(8 * DAY_MS);
    await lapseRequest(ground.context, { requestId: 'request-0003', actor: SERVICE });
    expect(await told(subjects.request('request-0003'))).toHaveLength(3);
  });
});

describe('G18, G20: behind a program', () => {
  it('the persons who stand behind it are told, and the program has no mail', async () => {
    const requester = by(agent('planner'), { onBehalfOf: [asker('eve')], sponsor: 'fay', autonomous: true });
    await ground.submitted({ requester });
    await rejectRequest(ground.context, { requestId: REQUEST_ID, actor: asker('bo'), reason: 'no' });
    expect(await told()).toEqual(
      ['eve', 'fay', 'olga', 'dora'].map((each) => `${each}: outcome request rejected`),
    );
  });
});

describe('exceptions and challenges', () => {
  const exception = subjects.exception(REQUEST_ID);

  beforeEach(async () => {
    const { requestHash } = await ground.submitted();
    for (const person of ['bo', 'cy']) await approve(person, requestHash);
    const effect = exceptionEffect(ground.context, {
      actor: SERVICE,
      owner: 'dora',
      takeEffect: async () => {},
    });
    await executeRequest(ground.context, { requestId: REQUEST_ID, actor: SERVICE, effect });
  });

  it('an exception that ended is told to its parties; one in force to nobody', async () => {
    expect(await told(exception)).toEqual([]);
    await revokeException(ground.context, {
      exceptionId: REQUEST_ID,
      actor: asker('bo'),
      reason: 'it leaked',
    });
    expect(await told(exception)).toEqual(
      ['ana', 'dora', 'olga'].map((each) => `${each}: outcome exception revoked`),
    );
  });

  it('a challenge asks those who may decide, tells the parties, and tells its end to both sides', async () => {
    const challenged = { kind: 'exception', exceptionId: REQUEST_ID } as const;
    const opened = await openChallenge(ground.context, {
      challenged,
      actor: asker('eve'),
      reason: 'over',
      notBy: [],
    });
    const subject = subjects.challenge(opened.ok ? opened.challengeId : '');
    expect(await told(subject)).toEqual([
      ...['bo', 'cy', 'fay'].map((each) => `${each}: pending challenge open`),
      ...['ana', 'dora'].map((each) => `${each}: opened challenge open`),
    ]);
    const challengeId = opened.ok ? opened.challengeId : '';
    await decideChallenge(ground.context, {
      challengeId,
      actor: asker('bo'),
      verdict: 'upheld',
      reason: 'it is',
    });
    expect(await told(subject)).toEqual(
      ['eve', 'ana', 'dora'].map((each) => `${each}: outcome challenge upheld`),
    );
  });

  it('a challenged step leaves out the owner of the rule', async () => {
    const opened = await openChallenge(ground.context, {
      challenged: STEP_TARGET,
      actor: asker('dora'),
      reason: 'it runs once a quarter',
      notBy: ['fay'],
    });
    const subject = subjects.challenge(opened.ok ? opened.challengeId : '');
    expect(await told(subject)).toEqual([
      ...['ana', 'bo', 'cy'].map((each) => `${each}: pending challenge open`),
      'fay: opened challenge open',
    ]);
  });
});

describe('I6: each is told once', () => {
  it('a crash between sending and recording sends the same notice again, under the same id', async () => {
    await ground.submitted();
    answers = { cy: 'crash' };
    await expect(told()).rejects.toThrow('the process died here');
    const before = [...ids];
    answers = {};
    ids = [];
    expect(await told()).toEqual(['cy: pending request pending', 'fay: pending request pending']);
    expect(ids[0]).toBe(before[1]);
    expect(await told()).toEqual([]);
    expect(new Set([...before, ...ids]).size).toBe(3);
  });

  it('a route that does not know tries again, one that refuses does not, and both are on record as they are', async () => {
    await ground.submitted();
    answers = { bo: 'unknown', cy: 'refused' };
    expect(await told()).toHaveLength(3);
    answers = {};
    expect(await told()).toEqual(['bo: pending request pending']);
    const events = await ground.context.ledger.chain(SUBJECT);
    const outcomes = events.flatMap((each) =>
      each.type === 'request.told' ? [`${each.data.recipient} ${each.data.outcome}`] : [],
    );
    expect(outcomes).toEqual(['cy refused', 'fay accepted', 'bo accepted']);
  });

  it('two reconcilers at once record it once', async () => {
    await ground.submitted();
    await Promise.all([told(), told()]);
    const types = await ground.types(SUBJECT);
    expect(types.filter((type) => type === 'request.told')).toHaveLength(3);
  });

  it('being told changes nothing of what the chain is about', async () => {
    const { requestHash } = await ground.submitted();
    await told();
    await approve('bo', requestHash);
    await told();
    await approve('cy', requestHash);
    expect(await ground.state()).toBe('approved');
  });
});
