import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import { workflowError } from './workflow-error.ts';

const accountId = z.string().regex(/^\d{12}$/, 'must be an account id of twelve digits');
const some = z.string().min(1, 'must not be empty');

/** `organization`, or account ids with commas between. */
const accounts = z.union([
  z.literal('organization'),
  z
    .string()
    .transform((text) => text.split(',').map((id) => id.trim()))
    .pipe(z.array(accountId)),
]);

/** Every variable that a deployed function may be given; each function picks its own. */
export const environmentSchema = z.object({
  ACCOUNTS: accounts,
  EVENT_BUS_NAME: some,
  EVIDENCE_BUCKET: some,
  GRANT_DEAD_LETTER_ARN: z.string().startsWith('arn:', 'must be the ARN of a queue').optional(),
  GRANT_SCHEDULE_GROUP: some,
  GRANT_SCHEDULE_ROLE_ARN: z.string().startsWith('arn:', 'must be the ARN of a role'),
  HOME_REGION: some,
  HUB_ACCOUNT: accountId,
  LEDGER_TABLE: some,
  MAIL_CONFIGURATION_SET: some.optional(),
  MAIL_FROM: some.optional(),
  MANAGEMENT_ACCOUNT: accountId.optional(),
  MEMBER_ROLE_PREFIX: some,
  MODE: z.enum(['observe', 'enforce']),
  NOTICE_TOPIC_ARN: z.string().startsWith('arn:', 'must be the ARN of a topic'),
  ON_CALL_TOKEN_SECRET_ARN: z.string().startsWith('arn:', 'must be the ARN of a secret').optional(),
  ORGANIZATION_ID: some.optional(),
  /** ARNs of secrets that the janitor itself needs, with commas between. */
  OWN_SECRETS: some.transform((text) => text.split(',')).optional(),
  POLICY_DIR: some.optional(),
  PROOF_TABLE: some,
  RECONCILE_FUNCTION_ARN: z.string().startsWith('arn:', 'must be the ARN of a function'),
  STACK_NAME: some,
  STATE_TABLE: some,
  TICKET_TOKEN_SECRET_ARN: z.string().startsWith('arn:', 'must be the ARN of a secret').optional(),
  WORK_BUCKET: some,
});
export type Environment = z.output<typeof environmentSchema>;

/**
 * The variables a function needs, or an error named `EnvironmentInvalid` (`environment-invalid`) that names every one that is missing or malformed: a
 * function with half its environment must not start.
 */
export function readEnvironment<T>(
  schema: z.ZodType<T>,
  environment: Readonly<Record<string, string | undefined>>,
): T {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
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
