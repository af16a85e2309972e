import { DAY_MS, MINUTE_MS } from '../../lib/domain/time.ts';
import {
  type Answer,
  activate,
  approveNewestPlan,
  ask,
  iamUser,
  rejectNewestPlan,
  roleSession,
} from './asker.ts';
import { createAccessKey, createSecret } from './birth-events.ts';
import { reconcile } from './carried-out.ts';
import type { HubWorld } from './hub-world.ts';
import { HUB, MEMBER, OTHER_REGION, REGION } from './places.ts';
import { type AccountAnswer, act, decide, finish, list, type Ran, run } from './workflow.ts';

/** A life from the first label to the last deletion: what each run did, and what people said in between. */
export interface Life {
  /** Nobody uses these, in the member. */
  readonly key: string;
  readonly secret: string;
  /** Labels and notices; disabling; a plan is frozen; deleting. */
  readonly runs: readonly Ran[];
  /** Changes in AWS by each run. */
  readonly deeds: readonly (readonly string[])[];
  readonly approved: Answer;
  /** The secret is given back after its deletion. */
  readonly undeleted: Answer;
}

/** A label of a key that was deleted since. */
const OBSOLETE_LABEL = 'janitor:AKIAGONE000000000001';

/** Labelled and told, disabled after 15 days, planned after 46 more, approved, deleted. */
export async function enforcedLife(world: HubWorld): Promise<Life> {
  const key = world.key('deployer', { tags: { [OBSOLETE_LABEL]: 'of a key that is gone' } });
  const secret = world.secret('app/db');
  world.key('robot', { account: HUB, usedDays: 1, owner: 'ana' });
  await activate(world);
  const runs: Ran[] = [];
  const deeds: string[][] = [];
  const sweep = async (days: number) => {
    world.advance(days * DAY_MS);
    const before = world.changes().length;
    runs.push(await run(world, { runId: `run-${runs.length + 1}` }));
    deeds.push(world.changes().slice(before));
  };
  await sweep(0);
  await sweep(15);
  await sweep(46);
  const approved = await approveNewestPlan(world, iamUser('ana'));
  await sweep(1.1);
  const undeleted = await giveBack(world, secret);
  return { key, secret, runs, deeds, approved, undeleted };
}

function giveBack(world: HubWorld, credentialId: string): Promise<Answer> {
  const body = { credentialId, reason: 'still needed' };
  return ask(world, iamUser('dave'), { route: 'POST /v1/restores', body });
}

/** What the owner gets back: a key and a secret that were disabled. */
export async function restored(world: HubWorld): Promise<readonly Answer[]> {
  const key = world.key('builder');
  const secret = world.secret('app/cache', { region: OTHER_REGION });
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  world.advance(15 * DAY_MS);
  await run(world, { runId: 'run-2', accounts: [MEMBER] });
  return [await giveBack(world, key), await giveBack(world, secret)];
}

/** A key and two secrets are made and labelled at once; of one secret CloudTrail tells the name alone. */
export async function bornTagged(world: HubWorld): Promise<void> {
  await activate(world);
  await births(world);
}

async function births(world: HubWorld): Promise<void> {
  const fresh = { owner: null, usedDays: null, createdDays: 0 };
  const keyId = world.key('newcomer', fresh).split('/').at(-1) ?? '';
  const arn = world.secret('new/one', fresh);
  world.secret('new/two', { ...fresh, region: OTHER_REGION });
  const at = world.ago(0).replace(/\.\d+/, '');
  const call = { at, account: MEMBER };
  await world.invoke('tag-newborn', createAccessKey({ userName: 'newcomer', accessKeyId: keyId }, call));
  await world.invoke('tag-newborn', createSecret('new/one', { arn }, { ...call, region: REGION }));
  await world.invoke('tag-newborn', createSecret('new/two', null, { ...call, region: OTHER_REGION }));
}

/** What SES says of a mail that did not arrive. */
export function bounceOf(notice: string): object {
  return {
    source: 'aws.ses',
    'detail-type': 'Email Bounced',
    detail: {
      eventType: 'Bounce',
      bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{}] },
      mail: { tags: { 'ses:configuration-set': ['credential-janitor'], noticeId: [notice] } },
    },
  };
}

/** A notice to an owner comes back. */
export async function bounced(world: HubWorld): Promise<void> {
  world.key('deployer');
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  const [mail] = world.services.ses.sent;
  await world.invoke('record-bounce', bounceOf(mail?.EmailTags[0]?.Value ?? ''));
}

export const SSO_ROLE = 'AWSReservedSSO_Security_0123456789abcdef';

/** An Identity Center session of somebody in the hub, whose role is there where AWS alone makes roles. */
export function identityCenterUser(world: HubWorld, name: string) {
  return roleSession(SSO_ROLE, name, world.role(SSO_ROLE, '/aws-reserved/sso.amazonaws.com/eu-central-1/'));
}

/** People halt and resume, and reject a plan. */
export async function decided(world: HubWorld): Promise<readonly Answer[]> {
  world.key('deployer');
  await activate(world);
  for (const [index, days] of [0, 15, 46].entries()) {
    world.advance(days * DAY_MS);
    await run(world, { runId: `run-${index + 1}`, accounts: [MEMBER] });
  }
  const ana = identityCenterUser(world, 'ana');
  const all = { target: 'all' };
  return [
    await rejectNewestPlan(world, iamUser('ben'), 'not yet'),
    await ask(world, ana, { route: 'POST /v1/halts', body: { ...all, reason: 'an incident' } }),
    await ask(world, iamUser('cleo'), {
      route: 'POST /v1/halts/lift',
      body: { ...all, reason: 'it is over' },
    }),
  ];
}

/** All Regions are read, and nothing may act. */
export async function observed(world: HubWorld): Promise<void> {
  world.key('deployer');
  world.secret('app/db', { region: 'eu-west-1' });
  await run(world, { runId: 'run-1', enforce: false });
}

/** The act's record breaks after its intent; the next run, when the lease has ended, looks at AWS and settles it. */
export async function recovered(world: HubWorld): Promise<void> {
  await toldAndDue(world);
  world.throttleAfter('step.intended', 1);
  await run(world, { runId: 'run-2', accounts: [MEMBER] }).catch(() => undefined);
  world.mend();
  world.advance(20 * MINUTE_MS);
  await run(world, { runId: 'run-3', accounts: [MEMBER] });
}

/** A key and a secret whose owner was told 15 days ago. */
export async function toldAndDue(
  world: HubWorld,
): Promise<{ readonly key: string; readonly secret: string }> {
  const cast = { key: world.key('deployer'), secret: world.secret('app/db') };
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  world.advance(15 * DAY_MS);
  return cast;
}

/** The same, but the workflow calls the function again before the run ends. */
export async function actedAgain(world: HubWorld): Promise<readonly AccountAnswer[]> {
  await toldAndDue(world);
  const { items } = await decide(world, { runId: 'run-2', accounts: [MEMBER] });
  world.throttleAfter('step.intended', 1);
  for (const item of items) await act(world, item).catch(() => undefined);
  world.mend();
  world.advance(20 * MINUTE_MS);
  const answers: AccountAnswer[] = [];
  for (const item of items) answers.push(await act(world, item));
  await finish(world, 'run-2');
  return answers;
}

/** A crash after a notice was prepared, or accepted: the next run finishes it. */
export async function noticeFinished(
  world: HubWorld,
  after: 'notice.prepared' | 'notice.accepted',
): Promise<Ran> {
  world.key('deployer');
  await activate(world);
  world.throttleAfter(after, 1);
  await run(world, { runId: 'run-1', accounts: [MEMBER] }).catch(() => undefined);
  world.mend();
  world.advance(20 * MINUTE_MS);
  return run(world, { runId: 'run-2', accounts: [MEMBER] });
}

/** Nobody decides about a plan, and it lapses. */
export async function planLapsed(world: HubWorld): Promise<void> {
  await toldAndDue(world);
  await run(world, { runId: 'run-2', accounts: [MEMBER] });
  world.advance(31 * DAY_MS);
  await run(world, { runId: 'run-3', accounts: [MEMBER] });
  world.advance(8 * DAY_MS);
  await run(world, { runId: 'run-4', accounts: [MEMBER] });
}

/** Another version of the policy is deployed between deciding and acting; three people put it into force. */
export async function policyChanged(world: HubWorld): Promise<readonly AccountAnswer[]> {
  await toldAndDue(world);
  const { items } = await decide(world, { runId: 'run-2', accounts: [MEMBER] });
  world.deployPolicy({ perAccountPerDay: 5 });
  const answers: AccountAnswer[] = [];
  for (const item of items) answers.push(await act(world, item));
  await reconcile(world);
  for (const name of ['ana', 'ben', 'cleo']) await activate(world, iamUser(name));
  return answers;
}

/** Every call has as much time as `remaining` tells it, by default for a step or two. */
export async function inSmallParts(world: HubWorld, remaining = fewSteps): Promise<Ran> {
  await toldAndDue(world);
  world.secret('app/more');
  return run(world, { runId: 'run-2', accounts: [MEMBER], remaining });
}

/** Time for a step or two: it runs short when it was asked for the third time. */
export function fewSteps(): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return asked < 3 ? 900_000 : 60_000;
  };
}

/** Answers get lost and Puts fail once, everywhere, all the time. */
export async function stumbled(world: HubWorld): Promise<void> {
  world.stumble();
  await run(world, { runId: 'run-0', enforce: false, accounts: [HUB] });
  world.deployPolicy({ perAccountPerDay: 9 });
  const { key } = await toldAndDue(world);
  const request = { runId: 'run-2', accounts: [MEMBER] };
  await list(world, request);
  await run(world, request);
  const [mail] = world.services.ses.sent;
  await world.invoke('record-bounce', bounceOf(mail?.EmailTags[0]?.Value ?? ''));
  await births(world);
  await giveBack(world, key);
  await reconcile(world);
}
