import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type DeployedNames, MEMBER_ROLE_PATH, type MemberPurpose } from '../names.ts';
import { memberGrants } from './member-grants.ts';

interface BoundaryFacts {
  readonly partition: string;
  readonly account: string;
  readonly names: DeployedNames;
}

/** All that the roles of these purposes may do together, and never anything to the janitor's own roles and policies. */
export function boundaryStatements(
  purposes: readonly MemberPurpose[],
  { partition, account, names }: BoundaryFacts,
): PolicyStatement[] {
  const allowed = purposes.flatMap((purpose) =>
    memberGrants(purpose, { partition, account }).map(
      ({ actions, resources, conditions }) =>
        new PolicyStatement({
          actions: [...actions],
          resources: [...resources],
          ...(conditions === undefined ? {} : { conditions }),
        }),
    ),
  );
  return [
    ...allowed,
    new PolicyStatement({
      sid: 'NeverTheJanitorItself',
      effect: Effect.DENY,
      actions: ['*'],
      resources: [
        `arn:${partition}:iam::${account}:role${MEMBER_ROLE_PATH}*`,
        `arn:${partition}:iam::${account}:policy${MEMBER_ROLE_PATH}*`,
        `arn:${partition}:iam::${account}:role/${names.prefix}-*`,
      ],
    }),
  ];
}
