import * as z from 'zod';
import { type JsonOperation, type JsonValue, jsonOperation } from '../json-protocol.ts';
import {
  coversAction,
  coversPrincipal,
  coversResource,
  holdsCondition,
  parsePolicy,
} from '../policy-document.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { Eventual } from '../world/eventual.ts';
import { namedSecret, primarySecret, secretId } from './lookup.ts';
import type { Secret } from './state.ts';
import { changeSecret } from './write.ts';

export const MAX_POLICY_CHARACTERS = 20_480;

const secretInput = z.object({ SecretId: secretId });
const putResourcePolicyInput = z.object({
  SecretId: secretId,
  ResourcePolicy: z
    .string()
    .min(1)
    .max(MAX_POLICY_CHARACTERS, `Member must have length less than or equal to ${MAX_POLICY_CHARACTERS}`),
  BlockPublicPolicy: z.boolean().optional(),
});

function getResourcePolicy(call: Call, input: z.infer<typeof secretInput>): JsonValue {
  const secret = namedSecret(call, input.SecretId);
  return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy?.read(call.now) };
}

function putResourcePolicy(call: Call, input: z.infer<typeof putResourcePolicyInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  const statements = parsePolicy(input.ResourcePolicy);
  if (
    statements === undefined ||
    statements.some(({ Principal, NotPrincipal }) => (Principal ?? NotPrincipal) === undefined)
  ) {
    throw new ServiceError(
      'MalformedPolicyDocumentException',
      400,
      'This resource policy contains invalid Json',
    );
  }
  const isPublic = statements.some(
    (statement) =>
      statement.Effect === 'Allow' && statement.Condition === undefined && coversPrincipal(statement, [], ''),
  );
  if (input.BlockPublicPolicy === true && isPublic) {
    throw new ServiceError(
      'PublicPolicyException',
      400,
      'This resource policy grants broad access to your secret.',
    );
  }
  writePolicy(call, secret, input.ResourcePolicy);
  return { ARN: secret.arn, Name: secret.name };
}

function deleteResourcePolicy(call: Call, input: z.infer<typeof secretInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  if (secret.policy?.durable !== undefined) writePolicy(call, secret, undefined);
  return { ARN: secret.arn, Name: secret.name };
}

function writePolicy(call: Call, secret: Secret, policy: string | undefined): void {
  const before = secret.policy?.durable ?? null;
  changeSecret(call, secret, { policy: before }, { policy: policy ?? null }, (copy) => {
    copy.policy ??= new Eventual(undefined);
    copy.policy.write(policy, call.now, call.world.visibleAt(call.now));
  });
}

/** Throws AccessDeniedException when the resource policy, as it is visible now, denies the action to the caller. */
export function checkResourcePolicy(call: Call, secret: Secret, action: string): void {
  const policy = secret.policy?.read(call.now);
  const { principal } = call;
  const arns = [principal.arn, principal.principalArn, `arn:aws:iam::${principal.accountId}:root`];
  const context = new Map([
    ['aws:principalarn', principal.principalArn],
    ['aws:principalaccount', principal.accountId],
    ['secretsmanager:versionstage', 'AWSCURRENT'],
  ]);
  const denied = (policy === undefined ? [] : (parsePolicy(policy) ?? [])).some(
    (statement) =>
      statement.Effect === 'Deny' &&
      coversAction(statement, action) &&
      coversPrincipal(statement, arns, principal.accountId) &&
      coversResource(statement, secret.arn) &&
      holdsCondition(statement, context),
  );
  if (!denied) return;
  throw new ServiceError(
    'AccessDeniedException',
    400,
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${secret.arn} with an explicit deny in a resource-based policy`,
  );
}

export const RESOURCE_POLICY_OPERATIONS: Readonly<Record<string, JsonOperation>> = {
  GetResourcePolicy: jsonOperation(secretInput, getResourcePolicy),
  PutResourcePolicy: jsonOperation(putResourcePolicyInput, putResourcePolicy),
  DeleteResourcePolicy: jsonOperation(secretInput, deleteResourcePolicy),
};
