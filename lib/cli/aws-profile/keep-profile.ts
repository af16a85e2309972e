import { JanitorError } from '../../domain/error.ts';
import type { Broker } from '../../wiring/broker-client/index.ts';
import type { Terminal } from '../terminal.ts';
import { processLine } from './process-line.ts';
import { changeConfig, configFile, readConfig } from './profile-file.ts';
import { profilesOf, sectionOf, withoutGrant, withProfile } from './profile-text.ts';

type Place = Pick<Terminal, 'env' | 'cwd'>;

/** Writes, or writes again, a profile by which every SDK asks for sessions of a grant; answers the file. Throws `profile-taken`. */
export async function keepProfile(
  terminal: Place & Pick<Terminal, 'program'>,
  name: string,
  grantId: string,
  from: Pick<Broker, 'url' | 'region' | 'own'>,
): Promise<string> {
  const { profile, settings } = from.own;
  const words = ['break-glass', 'credentials', grantId, '--api', from.url, '--region', from.region];
  const own = profile === undefined ? [] : ['--profile', profile];
  const process = processLine([...terminal.program, ...words, ...own]);
  const file = configFile(terminal);
  await changeConfig(file, (text) => {
    if (sectionOf(text, name) === 'not-ours') throw taken(name, file);
    return withProfile(text, { name, grantId, process, own: profile, settings });
  });
  return file;
}

/** Throws `profile-taken` for a profile that somebody else wrote. */
export async function refuseTakenProfile(terminal: Place, name: string): Promise<void> {
  const file = configFile(terminal);
  if (sectionOf(await readConfig(file), name) === 'not-ours') throw taken(name, file);
}

/** Removes our profiles of a grant; answers their names. */
export async function dropProfiles(terminal: Place, grantId: string): Promise<readonly string[]> {
  const file = configFile(terminal);
  const names = profilesOf(await readConfig(file), grantId);
  if (names.length > 0) await changeConfig(file, (text) => withoutGrant(text, grantId));
  return names;
}

function taken(name: string, file: string): JanitorError {
  return new JanitorError(`profile ${name} of ${file} is not one that the janitor wrote`, {
    code: 'profile-taken',
    source: 'user',
    hint: 'Choose another name with --profile-name. Nothing was changed.',
    details: { profile: name, file },
  });
}
