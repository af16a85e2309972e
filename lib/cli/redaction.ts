const SECRET_VARIABLES = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];

/** AWS quotes the signed headers, session token included, when a signature does not match. */
const SIGNED_MATERIAL =
  /(x-amz-security-token[:=]\s*|X-Amz-Signature=|Signature=|"?SecretAccessKey"?[:=]\s*"?)[^\s"&,]+/gi;

const REDACTED = '[redacted]';

/** The values of an environment that must never be printed. Short ones are left out: they would mask ordinary words. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return SECRET_VARIABLES.flatMap((name) => env[name] ?? []).filter((value) => value.length >= 8);
}

/** A function that masks known secret values and signed material in a text: the last line of defence, not the first. */
export function redacting(secrets: readonly string[]): (text: string) => string {
  return (text) => {
    let masked = text;
    for (const secret of secrets) masked = masked.replaceAll(secret, REDACTED);
    return masked.replace(SIGNED_MATERIAL, `$1${REDACTED}`);
  };
}
