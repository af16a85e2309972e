import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface KeysProps {
  /** Keys go with the stack. */
  readonly removable: boolean;
}

/**
 * Two customer-managed keys, rotated every year. `record` encrypts ledger, state and evidence and is used by roles
 * alone; `operations` encrypts logs, notices and work files and is used by AWS services as well, so that their rights
 * end before the record.
 */
export class Keys extends Construct {
  readonly record: Key;
  readonly operations: Key;

  constructor(scope: Construct, id: string, { removable }: KeysProps) {
    super(scope, id);
    const shared = {
      enableKeyRotation: true,
      removalPolicy: removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      pendingWindow: Duration.days(removable ? 7 : 30),
    };
    this.record = new Key(this, 'Record', {
      ...shared,
      description: 'Credential Janitor: ledger, state and evidence',
    });
    this.operations = new Key(this, 'Operations', {
      ...shared,
      description: 'Credential Janitor: logs, notices and work files',
    });
    for (const statement of serviceStatements()) this.operations.addToResourcePolicy(statement);
  }
}

function serviceStatements(): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'LogGroupsOfThisAccount',
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:DescribeKey',
      ],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`,
        },
      },
    }),
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  ];
}
