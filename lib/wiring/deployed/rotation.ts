import * as z from '../../domain/zod.ts';
import type { Policy } from '../../policy/index.ts';
import { type RotationContext, stepSchema } from '../../rotation/index.ts';
import type { Environment } from './environment.ts';
import { type Hub, openRecord } from './hub.ts';

/** What Secrets Manager sends its rotation function. It may say more one day, which is passed over. */
export const rotationEventSchema = z.pipe(
  z.object({
    Step: stepSchema,
    SecretId: z
      .string()
      .check(z.regex(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/, 'must be an ARN')),
    ClientRequestToken: z.string().check(z.minLength(32), z.maxLength(64)),
    RotationToken: z.optional(z.string().check(z.minLength(1))),
  }),
  z.transform(({ Step: step, SecretId: secretId, ClientRequestToken: token, RotationToken }) => ({
    step,
    secretId,
    token,
    rotationToken: RotationToken,
  })),
);

/** What the hub's own rotation function works with: the account it runs in, as itself. */
export function openRotation(
  hub: Hub,
  variables: Pick<Environment, 'HOME_REGION' | 'STATE_TABLE'>,
  { hash, document }: Pick<Policy, 'hash' | 'document'>,
): RotationContext {
  const { clock, clients, actor } = hub;
  const { fields, stores } = document.rotation;
  return {
    clock,
    clients,
    pause: clients.pause,
    record: openRecord(hub, variables).record,
    actor,
    fields,
    stores,
    citing: { policyHash: hash },
  };
}
