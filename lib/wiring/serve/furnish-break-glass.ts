import { CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import type { BreakGlassPlace } from '../../domain/break-glass-boundary.ts';
import {
  BREAK_GLASS_PATH,
  boundaryName,
  drillDocuments,
  type RoleDocuments,
  roleDocuments,
} from '../../domain/break-glass-documents.ts';
import { ENDED_POLICY, endedPolicyText } from '../../domain/break-glass-names.ts';
import type { BreakGlassRole } from '../../domain/break-glass-rules.ts';
import type { EmbeddedAws } from '../../embedded-aws/index.ts';

/** As a deployed janitor is called that nobody named otherwise. */
const PREFIX = 'credential-janitor';
const STACK_NAME = 'CredentialJanitor';
/** Twelve hours, as long as a process may go on with one session. */
const BROKER_SESSION_SECONDS = 43_200;

/** Where the roles of an embedded world are, whose janitor lives in `hubAccount`. */
export function embeddedPlace(hubAccount: string, accountId: string): BreakGlassPlace {
  return { partition: 'aws', accountId, hubAccount, prefix: PREFIX, stackName: STACK_NAME };
}

/**
 * Gives an embedded AWS what a deployment makes: the broker's role in the janitor's account, and in every account that the
 * policy names its break-glass roles, the role for drills, their boundaries and the policy of ended grants, all as the
 * documents say. To be called once in the life of a world.
 */
export async function furnishBreakGlass(
  aws: EmbeddedAws,
  hubAccount: string,
  roles: readonly BreakGlassRole[],
): Promise<void> {
  if (roles.length === 0) return;
  const account = { AWS: `arn:aws:iam::${hubAccount}:root` };
  aws.account(hubAccount).addRole({
    name: `${PREFIX}-grant-access`,
    maxSessionSeconds: BROKER_SESSION_SECONDS,
    trust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: account, Action: 'sts:AssumeRole' }],
    },
  });
  for (const accountId of new Set(roles.flatMap(({ accounts }) => accounts))) {
    const here = roles.filter(({ accounts }) => accounts.includes(accountId));
    await furnishAccount(aws, embeddedPlace(hubAccount, accountId), here);
  }
}

async function furnishAccount(
  aws: EmbeddedAws,
  place: BreakGlassPlace,
  roles: readonly BreakGlassRole[],
): Promise<void> {
  const account = aws.account(place.accountId);
  const iam = new IAMClient({
    region: 'us-east-1',
    credentials: account.credentials(),
    requestHandler: aws.requestHandler({ process: 'deployment' }),
  });
  const create = (PolicyName: string, PolicyDocument: string) =>
    iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument, Path: BREAK_GLASS_PATH }));
  const lent = roles.map((role) => roleDocuments(place, role));
  const drill = drillDocuments(place);
  await create(ENDED_POLICY, endedPolicyText([]));
  const boundaries = new Map([
    [boundaryName({ sessionManager: false }), drill.boundary],
    ...roles.map((role, index) => [boundaryName(role), lent[index]?.boundary ?? drill.boundary] as const),
  ]);
  for (const [name, document] of boundaries) await create(name, JSON.stringify(document));
  for (const documents of [drill, ...lent]) account.addRole(seedOf(documents));
  iam.destroy();
}

function seedOf({ name, trust, boundaryArn, managed, inline }: RoleDocuments) {
  return {
    name,
    path: BREAK_GLASS_PATH,
    trust: plain(trust),
    permissionsBoundary: boundaryArn,
    attachedPolicies: [...managed],
    inlinePolicies: inline === undefined ? [] : [plain(inline)],
  };
}

/** A document as JSON, whose lists anybody may change. */
function plain(document: object) {
  return JSON.parse(JSON.stringify(document));
}
