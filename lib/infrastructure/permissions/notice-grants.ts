import type { Grant, GrantResources } from './grant.ts';

export function publishToOperators(of: GrantResources): Grant[] {
  return [
    { sid: 'TellOperators', actions: ['sns:Publish'], resources: [of.topic] },
    {
      sid: 'OpenTopic',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [of.operationsKey],
      conditions: { StringEquals: { 'kms:ViaService': `sns.${of.region}.${of.dnsSuffix}` } },
      indirect: 'SNS encrypts a message with the key of the topic in the name of the publisher.',
    },
  ];
}

export function putEvents(of: GrantResources): Grant {
  return { sid: 'TellIntegrations', actions: ['events:PutEvents'], resources: [of.bus] };
}

export function sendMail(of: GrantResources): Grant[] {
  if (of.mail.length === 0) return [];
  return [{ sid: 'WriteToOwners', actions: ['ses:SendEmail'], resources: of.mail }];
}

export function keepDeadLetters(of: GrantResources): Grant {
  return {
    sid: 'KeepWhatFailed',
    actions: ['sqs:SendMessage'],
    resources: [of.deadLetters],
    indirect: 'Lambda keeps an event that failed to the end in the name of the function.',
  };
}
