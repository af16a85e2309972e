import { Duration } from 'aws-cdk-lib';
import { EventBus, type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeployedNames } from '../names.ts';
import { BIRTH_PATTERN } from './pattern.ts';

interface RuleProps {
  readonly names: DeployedNames;
  readonly target: IFunction;
  readonly deadLetters: IQueue;
}

export interface BirthRulesProps extends RuleProps {
  /** Where other accounts and Regions forward to. */
  readonly bus: IEventBus;
}

/**
 * Births of credentials reach the hub twice over: its own by the default bus, those of other accounts and Regions by
 * the hub's bus. CloudTrail delivers them best effort; the sweep finds whatever was missed.
 */
export class BirthRules extends Construct {
  constructor(scope: Construct, id: string, props: BirthRulesProps) {
    super(scope, id);
    const pattern: EventPattern = {
      source: [...BIRTH_PATTERN.source],
      detailType: [...BIRTH_PATTERN['detail-type']],
      detail: BIRTH_PATTERN.detail,
    };
    const defaultBus = EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    rule(this, 'Own', { ...props, name: `${props.names.prefix}-births`, pattern, bus: defaultBus });
    rule(this, 'Forwarded', {
      ...props,
      name: `${props.names.prefix}-births-forwarded`,
      pattern,
      bus: props.bus,
    });
  }
}

/** SES says on the default bus what became of our mails; other configuration sets are none of our business. */
export class BounceRule extends Construct {
  constructor(scope: Construct, id: string, props: RuleProps) {
    super(scope, id);
    rule(this, 'Rule', {
      ...props,
      name: `${props.names.prefix}-bounces`,
      bus: EventBus.fromEventBusName(this, 'DefaultBus', 'default'),
      pattern: {
        source: ['aws.ses'],
        detail: {
          eventType: ['Bounce', 'Complaint', 'Reject'],
          mail: { tags: { 'ses:configuration-set': [props.names.configurationSet] } },
        },
      },
    });
  }
}

interface OneRule extends RuleProps {
  readonly name: string;
  readonly bus: IEventBus;
  readonly pattern: EventPattern;
}

function rule(scope: Construct, id: string, { name, bus, pattern, target, deadLetters }: OneRule): Rule {
  return new Rule(scope, id, {
    ruleName: name,
    eventBus: bus,
    eventPattern: pattern,
    targets: [
      new LambdaFunction(target, {
        deadLetterQueue: deadLetters,
        retryAttempts: 30,
        maxEventAge: Duration.hours(6),
      }),
    ],
  });
}
