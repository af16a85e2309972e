import type { LentFolder } from './lent-profile-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whatever some SDK takes credentials from before it looks at a profile, and what belongs to other credentials. */
const OTHERS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_CREDENTIAL_FILE',
  'AWS_ACCOUNT_ID',
  'AWS_DEFAULT_PROFILE',
  'AWS_EB_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;

/**
 * The environment of a command inside a grant: the lent profile is all that there is, so that nothing is ever signed by
 * the credentials around it, not even when the grant has ended.
 */
export function insideEnvironment(
  env: Environment,
  folder: Pick<LentFolder, 'configFile' | 'credentialsFile' | 'profile'>,
  grantId: string,
): Record<string, string> {
  const rest = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || isOther(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(rest),
    AWS_CONFIG_FILE: folder.configFile,
    AWS_SHARED_CREDENTIALS_FILE: folder.credentialsFile,
    AWS_PROFILE: folder.profile,
    // Of a profile that fails some SDKs go on to the role of the machine.
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_LOAD_CONFIG: '1',
    JANITOR_GRANT: grantId,
  };
}

function isOther(name: string): boolean {
  return OTHERS.some((other) => other === name) || name.startsWith('AWS_BEARER_TOKEN_');
}
