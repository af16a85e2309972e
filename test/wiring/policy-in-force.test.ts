import { beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../../lib/api/index.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { noTicketSystem } from '../../lib/requests/index.ts';
import { policyInForce } from '../../lib/wiring/deployed/policy-in-force.ts';
import { orderingContext } from '../../lib/wiring/ordering-context.ts';
import { serviceOf } from '../../lib/wiring/service/index.ts';
import { MemoryProofStore } from '../identity/delegation/scene.ts';
import { Ground } from '../sweep/ground.ts';
import { policyWith } from '../sweep/ground-policy.ts';
import { MAIN, REGION } from '../world/places.ts';

const user = (name: string) => `arn:aws:iam::${MAIN}:user/${name}`;
const person = (id: string, alias?: string) => ({
  id,
  name: id,
  mail: `${id}@example.com`,
  principals: [user(id), ...(alias === undefined ? [] : [user(alias)])],
});
const EVERYBODY = ['alice', 'bob', 'carol', 'dave', 'platform'];
const ACTIVE = { directory: { people: EVERYBODY.map((id) => person(id)) } };
/** A version in which mallory is bob and mallet is carol, who may approve. */
const IMPOSTORS = policyWith({
  directory: { people: EVERYBODY.map((id) => person(id, { bob: 'mallory', carol: 'mallet' }[id])) },
});

type Asked = (service: Service, caller: Parameters<Service['whoAmI']>[0]) => Promise<object>;
const HALT: Asked = (service, caller) => service.placeHalt(caller, { target: 'all', reason: 'an incident' });
const RESUME: Asked = (service, caller) => service.liftHalt(caller, { target: 'all', reason: 'it is over' });
const ACTIVATE: Asked = (service, caller) => service.activatePolicy(caller, { hash: IMPOSTORS.policy.hash });

let ground: Ground;
beforeEach(async () => {
  ground = await Ground.create(ACTIVE);
});

/** Asks a hub that deploys the version with the impostors; the code of the problem, if there is one. */
async function ask(name: string, asked: Asked): Promise<object | string> {
  const { actor, policy, ...context } = await ground.context({
    process: 'answer',
    policy: IMPOSTORS,
  });
  const nowhere = async (): Promise<never> => Promise.reject(new Error('no account is entered here'));
  const service = serviceOf({
    ...context,
    deployed: policy,
    policyInForce: () => policyInForce({ ...context, policy }),
    self: actor,
    lookups: { roleOf: async () => undefined, standingOf: async () => 'member' },
    delegations: {
      api: 'test',
      partition: context.partition,
      regions: [REGION],
      sts: ground.aws.requestHandler(),
      proofs: new MemoryProofStore(),
    },
    ticketsOf: () => noTicketSystem,
    inAccount: nowhere,
    planning: orderingContext,
    carryOut: nowhere,
    report: () => {},
  });
  const caller = { accountId: MAIN, arn: user(name), userId: `AIDA${name.toUpperCase().padEnd(16, '0')}` };
  return asked(service, caller).catch((error: unknown) =>
    error instanceof JanitorError ? error.code : Promise.reject(error),
  );
}

describe('a version that is deployed and not active', () => {
  test('G8 I11 names nobody who may activate it', async () => {
    expect(await ask('dave', ACTIVATE)).toMatchObject({ outcome: 'pending', approvals: 0, needed: 2 });
    expect(await ask('mallory', ACTIVATE)).toBe('caller-unresolved');
    expect(await ask('mallet', ACTIVATE)).toBe('caller-unresolved');
    expect(ground.of('policy.activated')).toHaveLength(1);
  });

  test('G8 lets nobody resume, and takes nobody who halts for somebody else', async () => {
    await ask('mallory', HALT);
    expect(ground.of('halt.placed').at(-1)?.actor).toEqual({ kind: 'unresolved', arn: user('mallory') });
    expect(await ask('mallet', RESUME)).toBe('caller-unresolved');
    expect(await ask('bob', RESUME)).toMatchObject({ target: 'all' });
  });

  test('G10 I11 approves no plan of the active one', async () => {
    const { id } = ground.key({ user: 'deployer' });
    await ground.sweep();
    await ground.wait(15);
    await ground.sweep();
    await ground.wait(31);
    await ground.sweep();
    const plan = ground.of('plan.frozen').at(-1);
    if (plan === undefined) throw new Error('no plan was frozen');
    const APPROVE: Asked = (service, caller) => service.approvePlan(caller, plan.data.planId, plan.hash);
    expect(await ask('mallory', APPROVE)).toBe('caller-unresolved');
    expect(await ask('bob', APPROVE)).toMatchObject({ state: 'approved' });
    await ground.sweep();
    expect(ground.story(id)).toContain('step.done');
    expect(ground.deeds().at(-1)).toContain('DeleteAccessKey');
  });

  test('is believed once the people of the active one have approved it', async () => {
    await ask('dave', ACTIVATE);
    await ask('alice', ACTIVATE);
    expect(await ask('bob', ACTIVATE)).toMatchObject({ outcome: 'activated' });
    await ask('mallory', HALT);
    expect(ground.of('halt.placed').at(-1)?.actor).toMatchObject({ kind: 'person', person: 'bob' });
  });
});

test('G20 a halt is placed although the version in force is gone, by somebody nobody knows; nothing else is', async () => {
  ground.evidence.clear();
  expect(await ask('bob', HALT)).toMatchObject({ target: 'all' });
  expect(ground.of('halt.placed').at(-1)?.actor).toEqual({ kind: 'unresolved', arn: user('bob') });
  expect(await ask('carol', RESUME)).toBe('policy-archive-missing');
});
