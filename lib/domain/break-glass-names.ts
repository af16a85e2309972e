import { canonical } from './canonical.ts';
import type { Instant } from './time.ts';

/** The tag by which a session says which grant it is of: what a Deny names, and what roles ask for. */
export const GRANT_TAG = 'janitor:grant';

const PATH = 'janitor/break-glass';

/** Name of the managed policy that denies what has ended. */
export const ENDED_POLICY = 'ended-grants';

export interface InAccount {
  readonly partition: string;
  readonly accountId: string;
}

/** The IAM role of a break-glass role in one of its accounts. */
export function breakGlassRoleArn({ partition, accountId }: InAccount, name: string): string {
  return `arn:${partition}:iam::${accountId}:role/${PATH}/${name}`;
}

/** The managed policy, attached to every break-glass role of the account, that denies what has ended. */
export function endedPolicyArn({ partition, accountId }: InAccount): string {
  return `arn:${partition}:iam::${accountId}:policy/${PATH}/${ENDED_POLICY}`;
}

/**
 * A person as a source identity, which has 2 to 64 characters: the id itself, or `=` before an id of one character, which
 * no id begins with.
 */
export function sourceIdentityOf(person: string): string {
  return person.length === 1 ? `=${person}` : person;
}

/** Stands where no grant is denied: a condition has to name something, and no grant is called so. */
const NONE = 'none';

/** Denies everything to sessions of these grants. The same set is the same text, so that anything else shows. */
export function endedPolicyText(grantIds: readonly string[]): string {
  const ids = [...new Set(grantIds)].toSorted();
  return canonical({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'EndedGrants',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { [`aws:PrincipalTag/${GRANT_TAG}`]: ids.length === 0 ? [NONE] : ids } },
      },
    ],
  });
}

/** The grants that a text of ours denies, however it is set; undefined when it says anything else. */
export function endedGrantsIn(text: string): readonly string[] | undefined {
  const list = new RegExp(`"aws:PrincipalTag/${GRANT_TAG}":\\s*\\[([^\\]]*)\\]`).exec(text)?.[1] ?? '';
  const ids = [...list.matchAll(/"([^"]+)"/g)].flatMap(([, id]) =>
    id === undefined || id === NONE ? [] : [id],
  );
  return endedPolicyText(ids) === reset(text) ? ids : undefined;
}

/** Without white space and with keys in order: the first version is written by CloudFormation, in its own way. */
function reset(text: string): string | undefined {
  try {
    return canonical(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Interactive shells outlive the credentials that opened them. */
const SHELLS = ['ssm:ResumeSession', 'ssm:StartSession'];

/** A session policy has at most this many characters. */
export const SESSION_POLICY_CHARACTERS = 2048;

/**
 * Narrows a session to its grant: whatever the role may do, nothing from the second of the grant's end on. A Deny, since
 * a resource policy that names the session would not ask for an Allow.
 */
export function grantSessionPolicy(grant: {
  readonly endsAt: Instant;
  readonly sessionManager: boolean;
}): string {
  const everything = { Action: '*', Resource: '*' };
  const after = { DateGreaterThanEquals: { 'aws:CurrentTime': wholeSecond(grant.endsAt) } };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', ...everything },
      { Effect: 'Deny', ...everything, Condition: after },
      ...(grant.sessionManager ? [] : [{ Effect: 'Deny', Action: SHELLS, Resource: '*' }]),
    ],
  });
}

/** IAM reads whole seconds; what is left of the last one is not granted. */
function wholeSecond(instant: Instant): string {
  return `${instant.slice(0, 19)}Z`;
}
