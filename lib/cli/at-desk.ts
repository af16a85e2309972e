import type { Service } from '../api/index.ts';
import type { Desk, DeskFlags } from '../wiring/index.ts';
import type { Run } from './run.ts';
import type { Session } from './session.ts';
import { surroundings } from './surroundings.ts';

/** What an operation of the service answers. */
export type Answer<Name extends keyof Service> = Awaited<ReturnType<Service[Name]>>;

/** One command at the janitor that its flags name. */
export interface Errand {
  readonly run: Run;
  readonly session: Session;
  readonly flags: DeskFlags;
  /** As it is typed, without `janitor`. */
  readonly command: string;
}

/** Opens the desk, works at it and closes it: nothing is held open while a person thinks. */
export async function atDesk<T>(
  { run, session, flags, command }: Errand,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const wiring = await run.wiring();
  return wiring.atDesk(flags, surroundings(session, command), work);
}
