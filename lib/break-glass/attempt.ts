import { JanitorError, messageOf } from '../domain/error.ts';

/** Runs what must stop nothing else when it fails, and notes the code of why. */
export async function attempt(
  failed: Map<string, string>,
  what: string,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    failed.set(what, error instanceof JanitorError ? error.code : messageOf(error));
  }
}
