import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { type MiniStack, REGION } from './ministack-server.ts';
import { HUB, type Organisation } from './organisation.ts';

/** Makes the member roles as a StackSet would: from the template that synth leaves beside the hub's. */
export async function deployMemberTemplate(
  ministack: MiniStack,
  assembly: string,
  { id, member }: Organisation,
): Promise<void> {
  const client = new CloudFormationClient(ministack.configuration(member));
  const file = join(assembly, 'templates', 'credential-janitor-member.template.json');
  const parameters = { HubAccount: HUB, HomeRegion: REGION, OrganizationId: id };
  const StackName = 'credential-janitor-member';
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: await readFile(file, 'utf8'),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { StackName });
}
