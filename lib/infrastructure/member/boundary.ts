import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type DeployedNames, MEMBER_ROLE_PATH, type MemberPurpose } from '../names.ts';
import { type MemberAccount, memberGrants } from './member-grants.ts';

interface BoundaryFacts extends MemberAccount {
  readonly names: DeployedNames;
  /** Secrets that the janitor itself needs; only in the hub's account. */
  readonly ownSecrets?: readonly string[];
}

/** Reading stays allowed, so that the inventory of the account is whole. */
const CHANGING_A_SECRET = [
  'CancelRotateSecret',
  'Delete*',
  'Put*',
  'RotateSecret',
  'TagResource',
  'UntagResource',
  'Update*',
].map((action) => `secretsmanager:${action}`);

/** All that the roles of these purposes may do together, and never anything to the janitor's own roles and policies. */
export function boundaryStatements(
  purposes: readonly MemberPurpose[],
  { names, ownSecrets = [], ...of }: BoundaryFacts,
): PolicyStatement[] {
  const { partition, account } = of;
  const allowed = purposes.flatMap((purpose) =>
    memberGrants(purpose, of).map(
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
    ...(ownSecrets.length === 0
      ? []
      : [
          new PolicyStatement({
            sid: 'NeverItsOwnSecret',
            effect: Effect.DENY,
            actions: CHANGING_A_SECRET,
            resources: [...ownSecrets],
          }),
        ]),
  ];
}
