import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { MiniStack } from './ministack-server.ts';
import { HUB, present } from './organisation.ts';

const NAME = 'listener';

const queuesSchema = z.object({
  messages: z.record(
    z.string(),
    z.record(z.string(), z.record(z.string(), z.array(z.object({ Body: z.string() })))),
  ),
});

/** Subscribes a queue to the operators' topic and to the bus of a deployed stack, as an operator and a SIEM would. */
export async function listenTo(ministack: MiniStack, stackName: string): Promise<() => Promise<string[]>> {
  const client = new CloudFormationClient(ministack.configuration(HUB));
  const { StackResources = [] } = await client.send(
    new DescribeStackResourcesCommand({ StackName: stackName }),
  );
  const topic = StackResources.find(({ ResourceType }) => ResourceType === 'AWS::SNS::Topic');
  const topicArn = present(topic?.PhysicalResourceId, 'the operators topic');
  const TemplateBody = JSON.stringify(template(topicArn));
  await client.send(new CreateStackCommand({ StackName: NAME, TemplateBody }));
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { StackName: NAME },
  );
  return async () => {
    const { messages } = queuesSchema.parse(
      await ministack.inspect(`/_ministack/sqs/messages?account=${HUB}`),
    );
    const queues = Object.values(messages[HUB] ?? {}).flatMap((queuesOfRegion) =>
      Object.entries(queuesOfRegion),
    );
    return queues.flatMap(([url, held]) => (url.endsWith(`/${NAME}`) ? held.map(({ Body }) => Body) : []));
  };
}

function template(topicArn: string) {
  const queueArn = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  return {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: NAME } },
      MayWrite: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] },
                Action: 'sqs:SendMessage',
                Resource: queueArn,
              },
            ],
          },
        },
      },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: topicArn,
          Protocol: 'sqs',
          Endpoint: queueArn,
          RawMessageDelivery: true,
        },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: 'credential-janitor',
          EventPattern: { source: ['credential-janitor'] },
          Targets: [{ Id: 'queue', Arn: queueArn }],
        },
      },
    },
  };
}
