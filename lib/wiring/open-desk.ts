import type { Desk } from './desk.ts';
import type { RecordingFlags } from './flags.ts';
import { localDesk } from './local-desk.ts';
import { stackDesk } from './stack/stack-desk.ts';
import type { Surroundings } from './surroundings.ts';

/** With `--stack` the deployed janitor is asked, else the record of the state folder is written. */
export function openDesk(flags: RecordingFlags, surroundings: Surroundings): Desk {
  return flags.stack === undefined
    ? localDesk(flags, surroundings)
    : stackDesk(flags.stack, flags, surroundings);
}
