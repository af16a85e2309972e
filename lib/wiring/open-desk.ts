import { openApiDesk, openStackDesk } from './api-client/api-desk.ts';
import type { Desk, DeskFlags } from './desk.ts';
import { openLocalDesk } from './local-desk.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Works at the desk that the flags name and closes it, also after an error. With `--api` or `--stack` a janitor's API is
 * asked, else the record of the state folder is written.
 */
export async function atDesk<T>(
  flags: DeskFlags,
  surroundings: Surroundings,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const desk = await openDesk(flags, surroundings);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

function openDesk(flags: DeskFlags, surroundings: Surroundings): Promise<Desk> {
  if (flags.api !== undefined) return openApiDesk(flags.api, flags);
  if (flags.stack !== undefined) return openStackDesk(flags.stack, flags);
  return openLocalDesk(flags, surroundings);
}
