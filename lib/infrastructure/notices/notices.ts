import { Aws } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ConfigurationSet,
  ConfigurationSetEventDestination,
  EmailSendingEvent,
  EventDestination,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { DeployedNames } from '../names.ts';

export interface NoticesProps {
  readonly names: DeployedNames;
  readonly key: IKey;
  /** Mail addresses that get alarms and operators' notices. */
  readonly operators: readonly string[];
  /** Sender's address, verified in SES; without it there is no configuration set. */
  readonly mailFrom?: string;
  /** Whose events the bus takes: an organisation, or these accounts. */
  readonly organizationId?: string;
  readonly memberAccounts?: readonly string[];
  /** Members forward the use of emergency identities, which may be of any service. */
  readonly anyService: boolean;
}

/**
 * Three ways out: SES to owners, whose bounces come back over the default event bus; SNS to operators; an event bus
 * for integrations, which is also where member accounts and other Regions forward births of credentials to.
 */
export class Notices extends Construct {
  readonly topic: Topic;
  readonly bus: IEventBus;
  readonly configurationSet: ConfigurationSet | undefined;
  /** Identities a mail may be sent from, and the configuration set. */
  readonly mailArns: readonly string[];

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Operators', {
      displayName: 'Credential Janitor',
      masterKey: props.key,
      enforceSSL: true,
    });
    for (const address of props.operators) this.topic.addSubscription(new EmailSubscription(address));
    this.bus = this.#bus(props);
    this.configurationSet = props.mailFrom === undefined ? undefined : this.#configurationSet(props.names);
    this.mailArns = props.mailFrom === undefined ? [] : mailArns(props.mailFrom, props.names);
  }

  /** Its policy is a property of the bus, so that there is no instant at which the bus exists without it. */
  #bus({ names, organizationId, memberAccounts = [], anyService }: NoticesProps): IEventBus {
    const description = 'Notices of Credential Janitor, and what member accounts forward';
    const bus = new CfnEventBus(this, 'Bus', { name: names.bus, description });
    const trusted = trustedPrincipal(organizationId, memberAccounts, anyService);
    if (trusted !== undefined) {
      bus.policy = {
        Version: '2012-10-17',
        Statement: [forwardingStatement(names, trusted)],
      };
    }
    return EventBus.fromEventBusAttributes(this, 'BusByName', {
      eventBusName: bus.ref,
      eventBusArn: bus.attrArn,
      eventBusPolicy: '',
    });
  }

  #configurationSet(names: DeployedNames): ConfigurationSet {
    const set = new ConfigurationSet(this, 'Mail', {
      configurationSetName: names.configurationSet,
      reputationMetrics: true,
    });
    // SES hands events to the default bus only.
    new ConfigurationSetEventDestination(this, 'MailEvents', {
      configurationSet: set,
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    return set;
  }
}

interface Trusted {
  readonly Principal: unknown;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Sources that begin with `aws.` cannot be put by customers: nobody can pretend that a key was born. */
const BIRTHS = { StringEquals: { 'events:source': ['aws.iam', 'aws.secretsmanager'] } } as const;
const ANY_SERVICE = { StringLike: { 'events:source': 'aws.*' } } as const;

function trustedPrincipal(
  organizationId: string | undefined,
  accounts: readonly string[],
  anyService: boolean,
): Trusted | undefined {
  const told: Trusted['Condition'] = anyService ? ANY_SERVICE : BIRTHS;
  if (organizationId !== undefined) {
    return {
      Principal: '*',
      Condition: {
        ...told,
        StringEquals: { 'aws:PrincipalOrgID': organizationId, ...told.StringEquals },
      },
    };
  }
  if (accounts.length === 0) return undefined;
  const AWS = accounts.map((account) => `arn:${Aws.PARTITION}:iam::${account}:root`);
  return { Principal: { AWS }, Condition: told };
}

function forwardingStatement(names: DeployedNames, { Principal, Condition }: Trusted) {
  return {
    Sid: 'BirthsInMemberAccounts',
    Effect: 'Allow',
    Principal,
    Action: 'events:PutEvents',
    Resource: `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${names.bus}`,
    Condition,
  };
}

function mailArns(from: string, names: DeployedNames): string[] {
  const base = `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return [
    `${base}:identity/${from}`,
    `${base}:identity/${domain}`,
    `${base}:configuration-set/${names.configurationSet}`,
  ];
}
