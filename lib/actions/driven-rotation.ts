import { JanitorError } from '../domain/error.ts';
import type { Scope } from '../domain/event.ts';
import * as z from '../domain/zod.ts';
import { type KeyAddress, userLabel } from './access-key-holder.ts';
import type { ActingClients } from './attempt.ts';
import type { Change, ReadBack } from './change.ts';
import { secretLabel } from './secret-holder.ts';

/** What walking the four steps changes, in this order. */
const ACTION =
  'iam:CreateAccessKey+secretsmanager:PutSecretValue+secretsmanager:UpdateSecretVersionStage+secretsmanager:TagResource';

const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(ACTION),
    /** The user. */
    resource: z.string(),
    parameters: z.strictObject({
      UserName: z.string(),
      SecretId: z.string(),
      ClientRequestToken: z.string(),
    }),
    before: z.strictObject({ accessKeyId: z.string() }),
    after: z.strictObject({ version: z.string() }),
  }),
);

/** A rotation of an access key whose steps the janitor walks itself: no single call. */
export interface DrivenRotation {
  readonly secretId: string;
  readonly rotationId: string;
}

export function drivenScope(key: KeyAddress, secretId: string, rotationId: string): Scope {
  return {
    action: ACTION,
    resource: key.userArn,
    parameters: { UserName: key.userName, SecretId: secretId, ClientRequestToken: rotationId },
    before: { accessKeyId: key.accessKeyId },
    after: { version: rotationId },
  };
}

/** What a stored scope says of a rotation that the janitor drives; undefined for every other change. */
export function drivenRotationOf(scope: Scope): DrivenRotation | undefined {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { SecretId: secretId, ClientRequestToken: rotationId } = parsed.data.parameters;
  return { secretId, rotationId };
}

type Look = (clients: ActingClients, secretId: string, rotationId: string) => Promise<ReadBack>;

/** Describes and reads back such a rotation; carrying it out is for who walks the steps. */
export function readDrivenChange(scope: Scope, look: Look): Change | undefined {
  const driven = drivenRotationOf(scope);
  if (driven === undefined) return undefined;
  const { secretId, rotationId } = driven;
  return {
    async perform() {
      throw new JanitorError(`rotation ${rotationId} is walked step by step and is no single call`, {
        code: 'scope-mismatch',
        source: 'system',
      });
    },
    readBack: (clients) => look(clients, secretId, rotationId),
    describe: () =>
      `Replace access key ${String(scope.before.accessKeyId)} of user ${userLabel(scope.resource)} in ${secretLabel(secretId)} (${ACTION})`,
  };
}
