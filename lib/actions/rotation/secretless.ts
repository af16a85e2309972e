import { mapAwsError } from '../../aws/index.ts';
import { type ErrorSource, JanitorError } from '../../domain/error.ts';

/**
 * The error of a call whose request or answer holds a secret: AWS's own text, the SDK's and the response stay out of it,
 * for any of them may quote what was sent or what came.
 */
export function secretlessError(error: unknown, operation: string, about: string): JanitorError {
  if (error instanceof JanitorError) return error;
  const { kind, code, hint, permission } = mapAwsError(error, operation);
  if (isKmsRefusal(error, code)) return kmsDenied(operation, about);
  return new JanitorError(`${operation} of ${about} failed with ${code}`, {
    code: `aws-${kind}`,
    source: SOURCES[kind] ?? 'system',
    hint,
    details: { operation, awsCode: code, ...(permission === undefined ? {} : { permission }) },
  });
}

const SOURCES: Readonly<Record<string, ErrorSource>> = {
  denied: 'access',
  throttled: 'access',
  invalid: 'user',
};

/** Secrets Manager says so in several ways; what it has in common is the key. */
export function isKmsRefusal(error: unknown, code: string): boolean {
  if (/^(DecryptionFailure|EncryptionFailure|KMS)/.test(code)) return true;
  return error instanceof Error && /\bKMS\b/i.test(error.message);
}

export function kmsDenied(operation: string, about: string): JanitorError {
  return new JanitorError(`${operation}: the KMS key of ${about} does not let the janitor use it`, {
    code: 'kms-denied',
    source: 'access',
    hint: 'Allow kms:Decrypt and kms:GenerateDataKey to the rotating role in the key policy, and check that the key is enabled.',
    details: { operation },
  });
}
