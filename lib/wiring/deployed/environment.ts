import { JanitorError } from '../../domain/error.ts';
import { lazily } from '../../domain/lazily.ts';
import * as z from '../../domain/zod.ts';
import { workflowError } from './workflow-error.ts';

const some = lazily(() => z.string().check(z.minLength(1, 'must not be empty')));
const maybe = lazily(() => z.optional(some()));
const accountId = lazily(() =>
  z.string().check(z.regex(/^\d{12}$/, 'must be an account id of twelve digits')),
);

function arnOf(what: string) {
  return z.string().check(z.startsWith('arn:', `must be the ARN of a ${what}`));
}

/** `organization`, or account ids with commas between. */
function accounts() {
  const listed = z.pipe(
    z.string(),
    z.transform((text) => text.split(',').map((id) => id.trim())),
  );
  return z.union([z.literal('organization'), z.pipe(listed, z.array(accountId()))]);
}

/** ARNs with commas between. */
function list() {
  return z.pipe(
    some(),
    z.transform((text) => text.split(',')),
  );
}

/** Every variable that a deployed function may be given; each function reads its own. */
const VARIABLES = {
  ACCOUNTS: accounts,
  EVENT_BUS_NAME: some,
  EVIDENCE_BUCKET: some,
  GRANT_DEAD_LETTER_ARN: () => z.optional(arnOf('queue')),
  GRANT_SCHEDULE_GROUP: some,
  GRANT_SCHEDULE_ROLE_ARN: () => arnOf('role'),
  HOME_REGION: some,
  HUB_ACCOUNT: accountId,
  LEDGER_TABLE: some,
  MAIL_CONFIGURATION_SET: maybe,
  MAIL_FROM: maybe,
  MANAGEMENT_ACCOUNT: () => z.optional(accountId()),
  MEMBER_ROLE_PREFIX: some,
  MODE: () => z.enum(['observe', 'enforce']),
  NOTICE_TOPIC_ARN: () => arnOf('topic'),
  ON_CALL_TOKEN_SECRET_ARN: () => z.optional(arnOf('secret')),
  ORGANIZATION_ID: maybe,
  /** Secrets that the janitor itself needs. */
  OWN_SECRETS: () => z.optional(list()),
  POLICY_DIR: maybe,
  PROOF_TABLE: some,
  RECONCILE_FUNCTION_ARN: () => arnOf('function'),
  STACK_NAME: some,
  STATE_TABLE: some,
  TICKET_TOKEN_SECRET_ARN: () => z.optional(arnOf('secret')),
  WORK_BUCKET: some,
};
type Variables = { [Name in keyof typeof VARIABLES]: ReturnType<(typeof VARIABLES)[Name]> };
export type Environment = z.output<z.ZodMiniObject<Variables>>;

/**
 * The variables a function needs, or an error named `EnvironmentInvalid` (`environment-invalid`) that names every one that
 * is missing or malformed: a function with half its environment must not start.
 */
export function readEnvironment<Name extends keyof Environment>(
  environment: Readonly<Record<string, string | undefined>>,
  ...names: readonly Name[]
): Pick<Environment, Name> {
  const shape = Object.fromEntries(names.map((name) => [name, VARIABLES[name]()])) as Pick<Variables, Name>;
  const result = z.object(shape).safeParse(environment);
  if (result.success) return result.data as Pick<Environment, Name>;
  const problems = result.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '');
    return environment[name] === undefined ? `${name} is missing` : `${name} ${message}`;
  });
  const failure = new JanitorError(
    `the environment of this function is not what the stack gives it: ${problems.join('; ')}`,
    {
      code: 'environment-invalid',
      source: 'user',
      hint: 'Deploy the stack again; its functions get their variables from it.',
      details: { problems },
    },
  );
  throw workflowError(failure);
}
