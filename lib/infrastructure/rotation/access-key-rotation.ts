import { Aws } from 'aws-cdk-lib';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { RotationConfiguration } from '../configuration/rotation.ts';

type When = Pick<RotationConfiguration, 'schedule' | 'window'>;

/** Lets Secrets Manager of this account, and nobody else, call the function that rotates access keys kept in secrets. */
export class AccessKeyRotation extends Construct {
  readonly #lambda: IFunction;
  readonly #permission: CfnPermission;

  constructor(scope: Construct, id: string, { lambda }: { readonly lambda: IFunction }) {
    super(scope, id);
    this.#lambda = lambda;
    this.#permission = new CfnPermission(this, 'SecretsManager', {
      action: 'lambda:InvokeFunction',
      functionName: lambda.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
    });
  }

  /**
   * Puts a secret that exists, of this account and Region, under a schedule of rotations by this function. Deploying
   * rotates nothing: Secrets Manager tries the current key once, and the first rotation is when the schedule says. The
   * secret has to carry the tag `janitor:iam-user`, and its user `janitor:rotation=managed`; else rotations fail.
   */
  rotateOnSchedule(secretArn: string, { schedule, window }: When): CfnRotationSchedule {
    const rotation = new CfnRotationSchedule(this, secretArn.split(':').at(-1) ?? secretArn, {
      secretId: secretArn,
      rotationLambdaArn: this.#lambda.functionArn,
      rotationRules: {
        scheduleExpression: schedule,
        ...(window === undefined ? {} : { duration: window }),
      },
      rotateImmediatelyOnUpdate: false,
    });
    rotation.addDependency(this.#permission);
    return rotation;
  }
}
