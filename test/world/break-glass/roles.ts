import { brokerRoleArn, trustDocument } from '../../../lib/domain/break-glass-documents.ts';
import { endedPolicyArn, endedPolicyText } from '../../../lib/domain/break-glass-names.ts';
import { ACCOUNTS } from '../places.ts';
import type { World } from '../world.ts';
import { BREAK_GLASS, ROLE_NAMES } from './policy.ts';
import type { Signer } from './signer.ts';
import { answerOf } from './wire.ts';

/** The account of the broker. */
const HUB = '222233334444';
const OURS = { partition: 'aws', hubAccount: HUB, prefix: 'janitor', stackName: 'Janitor' } as const;
const BROKER_ROLE = brokerRoleArn(OURS);
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Puts the broker's role, the break-glass roles and their policies of ended grants in place. */
export async function furnishNights(world: World): Promise<void> {
  const open = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' };
  world.aws.account(HUB).addRole({
    name: 'janitor-grant-access',
    trust: { Version: '2012-10-17', Statement: [open] },
    maxSessionSeconds: 43_200,
  });
  for (const accountId of ACCOUNTS) {
    const roles = BREAK_GLASS.roles.filter(({ accounts }) => accounts.some((each) => each === accountId));
    const signer = world.aws.account(accountId).credentials();
    const PolicyArn = endedPolicyArn({ partition: 'aws', accountId });
    await answerOf(world, 'scene', signer, 'iam', {
      Action: 'CreatePolicy',
      PolicyName: 'ended-grants',
      Path: '/janitor/break-glass/',
      PolicyDocument: endedPolicyText([]),
    });
    for (const { name } of roles) {
      world.aws.account(accountId).addRole({
        name,
        path: '/janitor/break-glass/',
        trust: { ...trustDocument({ ...OURS, accountId }) },
        inlinePolicies: [{ Version: '2012-10-17', Statement: [EVERYTHING] }],
      });
      await answerOf(world, 'scene', signer, 'iam', {
        Action: 'AttachRolePolicy',
        RoleName: name,
        PolicyArn,
      });
    }
  }
}

/** A session of the broker's own role, as its function has one. */
export async function brokerSession(world: World): Promise<Signer> {
  const text = await answerOf(world, 'scene', world.aws.account(HUB).credentials(), 'sts', {
    Action: 'AssumeRole',
    RoleArn: BROKER_ROLE,
    RoleSessionName: 'broker',
    DurationSeconds: '43200',
  });
  return signerIn(text);
}

export function signerIn(text: string): Signer {
  const found = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1] ?? '';
  return { accessKeyId: found('AccessKeyId'), sessionToken: found('SessionToken') };
}

/** Whether a change is a session of a break-glass role; its grant by the name of the session. */
export function grantOfSession(target: string): string | undefined {
  const [, role, grantId] = /:assumed-role\/([^/]+)\/([^/]+)$/.exec(target) ?? [];
  return ROLE_NAMES.some((name) => name === role) ? grantId : undefined;
}
