import { setTimeout as pause } from 'node:timers/promises';

const BETWEEN_MS = 500;

/** Asks until there is an answer; rejects, saying what was waited for, when there is none within so many milliseconds. */
export async function until<T>(what: string, within: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`after ${within / 1000} s it has not come to this: ${what}`);
    await pause(BETWEEN_MS);
  }
}
