import { describe, expect, test } from 'vitest';
import { approvePlan } from '../../lib/sweep/index.ts';
import { actorOf } from '../world/people.ts';
import { Ground } from './ground.ts';

/** Sweeps again at the same instant: nothing changes, nothing is said, only what a later run has to read is read. */
async function sweepAgain(ground: Ground, floor: object = FLOOR): Promise<void> {
  const before = {
    changes: ground.changes().length,
    events: ground.written.length,
    calls: ground.aws.calls.size,
  };
  const letters = ground.outbox.letters.length;
  const result = await ground.sweep();
  expect(result.actions).toEqual([]);
  expect(result.notices).toEqual([]);
  expect(ground.deeds(before.changes)).toEqual([]);
  expect(ground.outbox.letters).toHaveLength(letters);
  const types = ground.written.slice(before.events).map((event) => event.type);
  expect(types).toEqual(['lease.taken', 'sweep.finished', 'lease.released']);
  expect(ground.aws.calls.counts(before.calls)).toEqual(floor);
}

/** A later run: the cached report, users, other credentials and secrets, a page each; the keys of the flagged user. */
const FLOOR = {
  'iam:GenerateCredentialReport': 1,
  'iam:GetAccountAuthorizationDetails': 1,
  'iam:GetCredentialReport': 1,
  'iam:ListAccessKeys': 1,
  'iam:ListServiceSpecificCredentials': 1,
  'secretsmanager:ListSecrets': 1,
};

describe('Shows 3: the right step at the right time, and the second sweep at each instant does nothing', () => {
  test('I3 I4 I6 warned, disabled after 14 days, told again, deleted 30 days later with an approval', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    const secret = ground.secret({ name: 'app/db' });

    const day0 = await ground.sweep();
    expect(day0.actions.map(({ step, outcome }) => `${step}:${outcome}`)).toEqual([
      'notify:notified',
      'notify:notified',
    ]);
    expect(ground.outbox.letters.map(({ notice }) => notice.recipient.id)).toEqual(['dave']);
    await sweepAgain(ground);

    await ground.wait(13.9);
    expect((await ground.sweep()).actions).toEqual([]);
    expect(ground.deeds()).toEqual([]);
    await sweepAgain(ground);

    await ground.wait(0.2);
    const day14 = await ground.sweep();
    expect(ground.deeds()).toEqual([
      `UpdateAccessKey ${key.user}/${key.keyId}`,
      `PutResourcePolicy ${secret}`,
    ]);
    expect(day14.actions.map(({ step, outcome }) => `${step}:${outcome}`).sort()).toEqual([
      'disable:done',
      'disable:done',
      'notify:notified',
      'notify:notified',
    ]);
    expect(ground.outbox.letters).toHaveLength(2);
    await sweepAgain(ground);

    await ground.wait(29.9);
    expect((await ground.sweep()).plans).toEqual([]);
    await sweepAgain(ground);

    await ground.wait(0.2);
    const day44 = await ground.sweep();
    const [plan] = day44.plans;
    expect(plan).toMatchObject({ tier: 'guarded', items: 2, approvalsNeeded: 1 });
    await sweepAgain(ground);

    await approvePlan(ground.desk('bob'), plan?.planId ?? '');
    const acted = await ground.sweep();
    expect(acted.actions.map(({ step, outcome }) => `${step}:${outcome}`)).toEqual([
      'delete:done',
      'delete:done',
    ]);
    expect(ground.deeds(2)).toEqual([`DeleteAccessKey ${key.user}/${key.keyId}`, `DeleteSecret ${secret}`]);
    for (const { approvals } of ground.of('step.intended').slice(-2)) {
      expect(approvals?.map(({ actor }) => actor)).toEqual([actorOf('bob')]);
    }

    const { 'iam:ListAccessKeys': _none, ...nobodyFlagged } = FLOOR;
    await sweepAgain(ground, nobodyFlagged);
    await ground.wait(1);
    await ground.sweep();
    expect(ground.of('finding.closed').map(({ reason }) => reason)).toContain('The credential was deleted.');
    expect(ground.changes()).toHaveLength(4);
  });
});
