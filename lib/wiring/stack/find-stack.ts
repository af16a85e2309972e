import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { awsError, mapAwsError } from '../../aws/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { outputsOf, type StackOutputs } from './outputs.ts';

/** Where a stack is looked for. */
export interface StackPlace {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
}

const LOOK_THERE =
  'Check the name (stackName of cdk.json), the Region (--region or AWS_REGION) and the account (--profile).';

/** Throws `stack-not-found`, `stack-unfit` and the `aws-` codes. */
export async function findStack(client: CloudFormationClient, place: StackPlace): Promise<StackOutputs> {
  const { Stacks } = await describe(client, place);
  const stack = Stacks?.[0];
  if (stack === undefined) throw notFound(place);
  return outputsOf(stack);
}

async function describe(client: CloudFormationClient, place: StackPlace) {
  try {
    return await client.send(new DescribeStacksCommand({ StackName: place.name }));
  } catch (error) {
    throw failure(error, place);
  }
}

function failure(error: unknown, place: StackPlace): JanitorError {
  const { kind, message, code } = mapAwsError(error, 'cloudformation:DescribeStacks', place.region);
  if (kind === 'invalid' && /does not exist/.test(message)) return notFound(place, error);
  if (kind !== 'denied') return awsError(error, 'cloudformation:DescribeStacks', place.region);
  // Rights on one stack: another name, and so a mistyped one, is denied rather than not found.
  return new JanitorError(`${named(place)} may not be looked at: ${message}`, {
    code: 'aws-denied',
    source: 'access',
    hint: `${LOOK_THERE} The right is in the managed policies credential-janitor-auditor and credential-janitor-operator.`,
    cause: error,
    details: { ...place, awsCode: code, permission: 'cloudformation:DescribeStacks' },
  });
}

function notFound(place: StackPlace, cause?: unknown): JanitorError {
  return new JanitorError(`there is no ${named(place)}`, {
    code: 'stack-not-found',
    source: 'user',
    hint: LOOK_THERE,
    details: { ...place },
    ...(cause === undefined ? {} : { cause }),
  });
}

function named({ name, region, accountId }: StackPlace): string {
  return `stack ${name} in ${region} of account ${accountId}`;
}
