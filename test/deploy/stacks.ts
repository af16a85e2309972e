import {
  CloudFormationClient,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { MiniStack } from './ministack-server.ts';
import { HUB } from './organisation.ts';

/** Takes the protection from deletion off a stack of the hub account. */
export async function unprotect(ministack: MiniStack, StackName: string): Promise<void> {
  const client = new CloudFormationClient(ministack.configuration(HUB));
  await client.send(
    new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
  );
}

/** What CloudFormation says became of a stack, which it remembers after its deletion. */
export async function stackStatus(ministack: MiniStack, name: string): Promise<string | undefined> {
  const client = new CloudFormationClient(ministack.configuration(HUB));
  const { StackSummaries = [] } = await client.send(new ListStacksCommand({}));
  return StackSummaries.find(({ StackName }) => StackName === name)?.StackStatus;
}

export async function tablesOf(ministack: MiniStack): Promise<string[]> {
  const { TableNames = [] } = await new DynamoDBClient(ministack.configuration(HUB)).send(
    new ListTablesCommand({}),
  );
  return TableNames;
}
