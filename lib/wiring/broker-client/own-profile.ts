import { loadSharedConfigFiles } from '@smithy/core/config';
import { JanitorError } from '../../domain/error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whose credentials sign what the broker is asked. */
export interface OwnCredentials {
  /** undefined: those of the environment, and so whoever asks later has to have them there, too. */
  readonly profile: string | undefined;
  /** Settings of the profile that a profile beside it should share. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What a profile needs besides credentials to reach the same AWS in the same way. */
const SHARED = [
  'region',
  'output',
  'ca_bundle',
  'cli_pager',
  'endpoint_url',
  'use_fips_endpoint',
  'use_dualstack_endpoint',
] as const;

/**
 * The profile whose credentials are the caller's own. One that the janitor wrote holds what it lends: there the profile
 * counts that it was lent to, or nothing would ever be signed. Throws `profile-lent`.
 */
export async function ownCredentials(flag: string | undefined, env: Environment): Promise<OwnCredentials> {
  const { configFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const inUse = env.AWS_PROFILE === '' ? undefined : env.AWS_PROFILE;
  const chosen = flag ?? inUse;
  const isLent = (name: string | undefined) =>
    name !== undefined && configFile[name]?.janitor_grant !== undefined;
  if (isLent(flag)) throw lent(flag);
  const profile = isLent(chosen) ? configFile[chosen ?? '']?.janitor_profile : chosen;
  if (isLent(profile)) throw lent(profile);
  const keys = profile === undefined && (env.AWS_ACCESS_KEY_ID ?? '') !== '';
  const named = profile ?? (keys ? undefined : 'default');
  // A program that knows only the profile has to find the Region there.
  const around = env.AWS_REGION === undefined || env.AWS_REGION === '' ? {} : { region: env.AWS_REGION };
  const settings = { ...around, ...settingsOf(configFile[named ?? 'default'] ?? {}) };
  return { profile: named, settings };
}

function settingsOf(section: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    SHARED.flatMap((key) => {
      const value = section[key];
      return value === undefined || /[\r\n]/.test(value) ? [] : [[key, value]];
    }),
  );
}

function lent(profile: string | undefined): JanitorError {
  return new JanitorError(`profile ${profile} holds what the janitor lends, and signs nothing to it`, {
    code: 'profile-lent',
    source: 'user',
    hint: 'Name a profile of your own with --profile.',
  });
}
