import { CreatePolicyVersionCommand } from '@aws-sdk/client-iam';
import { DescribeSessionsCommand, SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { endedPolicyText } from '../../lib/domain/break-glass-names.ts';
import type { FaultEffect } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { AfterUseGround } from './after-use-ground.ts';
import { ENDED } from './ground.ts';

const INSTANCE = 'i-0123456789abcdef0';
const FOREVER = Number.POSITIVE_INFINITY;

/** A grant with shells open in two Regions, and a shell of somebody else. */
async function opened(sessionManager = true) {
  const scene = await AfterUseGround.open({ sessionManager });
  const { ground } = scene;
  const session = await ground.started();
  const open = (region = 'eu-central-1', target = INSTANCE) =>
    new SSMClient(scene.as(session, region)).send(new StartSessionCommand({ Target: target }));
  const admin = (region: string) =>
    new SSMClient({ ...ground.config(ground.aws.account(ACCOUNT).credentials(), 'admin'), region });
  await admin('eu-central-1').send(new StartSessionCommand({ Target: INSTANCE }));
  const left = async () => {
    const all = await Promise.all(
      ['eu-central-1', 'eu-west-1'].map((region) =>
        admin(region).send(new DescribeSessionsCommand({ State: 'Active' })),
      ),
    );
    return all.flatMap(({ Sessions = [] }) => Sessions.map(({ Owner }) => Owner?.split('/').at(-1)));
  };
  return { scene, ground, open, left };
}

describe('shells outlive the credentials they were opened with', () => {
  it('they are ended with the grant, in every Region, and that of somebody else is not', async () => {
    const { scene, ground, open, left } = await opened();
    await open();
    await open('eu-west-1');
    ground.pass(30);
    expect(await left()).toHaveLength(3);
    await scene.round();
    expect(await left()).toEqual(['bootstrap']);
    expect((await ground.grant())?.shells).toEqual({ ended: 2, complete: false });
    ground.pass(5);
    await scene.round();
    expect((await ground.grant())?.shells).toEqual({ ended: 2, complete: true });
    const looked = ground.aws.calls.counts()['ssm:DescribeSessions'];
    await scene.round();
    expect(ground.aws.calls.counts()['ssm:DescribeSessions']).toBe(looked);
  });

  it('one that was opened before the Deny was everywhere is ended in the next round', async () => {
    const { scene, ground, open, left } = await opened();
    ground.pass(1);
    await scene.giveBack();
    await scene.round();
    expect(await left()).toEqual(['bootstrap']);
    const PolicyDocument = endedPolicyText([]);
    await ground
      .iam()
      .send(new CreatePolicyVersionCommand({ PolicyArn: ENDED, PolicyDocument, SetAsDefault: true }));
    await open();
    ground.pass(5);
    await scene.round();
    expect(await left()).toEqual(['bootstrap']);
    expect((await ground.grant())?.shells).toEqual({ ended: 1, complete: false });
  });

  it.each<[string, FaultEffect]>([
    ['refused', 'error'],
    ['throttled', 'throttle'],
  ])('a failure is recorded once, and tried again until it is done: %s', async (_name, effect) => {
    const { scene, ground, open, left } = await opened();
    await open();
    ground.pass(30);
    const fault = ground.aws.faults.add({
      match: { service: 'ssm', operation: 'TerminateSession' },
      effect,
      ...(effect === 'error' ? { code: 'AccessDeniedException', status: 400 } : {}),
      times: FOREVER,
    });
    expect((await scene.round()).failed.get(`shells of ${GRANT_ID}`)).toMatch(/^aws-/);
    await scene.round();
    const types = await ground.types();
    expect(types.filter((type) => type === 'grant.shells-failed')).toHaveLength(1);
    expect((await ground.grant())?.shellsFailure).toMatch(/^aws-/);
    expect(await left()).toHaveLength(2);
    fault.remove();
    await scene.round();
    expect(await left()).toEqual(['bootstrap']);
    expect((await ground.grant())?.shellsFailure).toBeUndefined();
  });

  it('where not every Region is known, none is ever said to be left', async () => {
    const { scene, ground, open } = await opened();
    await open();
    scene.unsure = 'the list could not be read';
    ground.pass(30);
    await scene.round();
    ground.pass(30);
    await scene.round();
    expect((await ground.grant())?.shells).toEqual({ ended: 1, complete: false });
    expect(scene.written()).toContain('there may be other Regions: the list could not be read');
    expect((await ground.grant())?.evidence?.complete).toBe(false);
  });

  it('a role without them is not asked about, and opens none', async () => {
    const { scene, ground, open } = await opened(false);
    await expect(open()).rejects.toThrow('not authorized');
    ground.pass(40);
    await scene.round();
    expect(ground.aws.calls.counts()['ssm:DescribeSessions']).toBeUndefined();
  });

  it('of a grant that is still active they stay', async () => {
    const { scene, open, left } = await opened();
    await open();
    await scene.round();
    expect(await left()).toHaveLength(2);
  });
});
