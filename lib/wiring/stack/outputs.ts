import type { Stack } from '@aws-sdk/client-cloudformation';
import { isLoopback } from '../../aws/index.ts';
import { JanitorError } from '../../domain/error.ts';
import * as z from '../../domain/zod.ts';

const some = z.string().check(z.minLength(1, 'is empty'));

/** What the hub stack says of itself, as far as people need it. It may say more, and newer ones do. */
const outputsSchema = z.object({
  LedgerTable: some,
  StateTable: some,
  EvidenceBucket: some,
  StateMachineArn: z
    .string()
    .check(
      z.regex(/^arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+$/, 'is no ARN of a state machine'),
    ),
  ApiUrl: z
    .url({ protocol: /^https?$/, error: 'is no URL', abort: true })
    .check(
      z.refine((url) => url.startsWith('https:') || isLoopback(url), 'would carry credentials in the clear'),
    ),
  Region: z.string().check(z.regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, 'is no Region')),
  Mode: z.enum(['observe', 'enforce'], 'is neither observe nor enforce'),
  PolicyHash: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'is no SHA-256')),
});
export type StackOutputs = z.infer<typeof outputsSchema>;

/** The outputs of a stack; throws `stack-unfit` that names every one that is missing or malformed. */
export function outputsOf({ StackName, StackStatus, Outputs }: Stack): StackOutputs {
  const values = Object.fromEntries(
    (Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue]),
  );
  const parsed = outputsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '');
    return values[name] === undefined ? `has no output ${name}` : `has an output ${name} that ${message}`;
  });
  throw new JanitorError(`stack ${StackName} (${StackStatus}) ${problems.join(', ')}`, {
    code: 'stack-unfit',
    source: 'system',
    hint: 'It is of another version than this program, or no stack of the janitor, or not deployed to its end: deploy it from this version, or run the version it was deployed from.',
    details: { stack: StackName, status: StackStatus, problems },
  });
}
