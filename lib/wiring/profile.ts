import { loadSharedConfigFiles } from '@smithy/core/config';
import { JanitorError } from '../domain/error.ts';

/** Sections of the AWS configuration that are no profiles. */
const OTHER_SECTIONS = /^(sso-session|services)\./;
const SHOWN = 30;

/**
 * Throws `profile-unknown` (user) for a profile that no AWS configuration file has: the SDK would only say that it
 * found no credentials.
 * @param flag of `--profile`; without it `AWS_PROFILE` counts, in which `default` need not exist.
 */
export async function refuseUnknownProfile(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const chosen = flag ?? (env.AWS_PROFILE === 'default' ? undefined : env.AWS_PROFILE);
  if (chosen === undefined || chosen === '') return;
  const profiles = await profileNames();
  if (profiles.includes(chosen)) return;
  const others = profiles.length > SHOWN ? `, and ${profiles.length - SHOWN} more` : '';
  const there =
    profiles.length === 0
      ? 'There is none: write one with "aws configure".'
      : `There are: ${profiles.slice(0, SHOWN).join(', ')}${others}.`;
  throw new JanitorError(
    `your AWS configuration has no profile "${chosen}" (${flag === undefined ? 'AWS_PROFILE' : '--profile'})`,
    { code: 'profile-unknown', source: 'user', hint: there, details: { profile: chosen, profiles } },
  );
}

async function profileNames(): Promise<string[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  return [...names].filter((name) => !OTHER_SECTIONS.test(name)).sort();
}
