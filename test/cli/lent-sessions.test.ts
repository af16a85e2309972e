import { describe, expect, test } from 'vitest';
import { LentSessions } from '../../lib/cli/inside/lent-sessions.ts';
import type { Lent } from '../../lib/cli/lent-credentials.ts';
import { started } from './broker-answers.ts';

function lent(number: number, secondsLeft: number): Lent {
  const begun = Date.parse(started.grant.requestedAt);
  const at = (seconds: number) => new Date(begun + seconds * 1000).toISOString();
  const age = 1800 - secondsLeft;
  return {
    ...started,
    grant: { ...started.grant, secondsLeft, endsAt: at(1800) },
    credentials: { ...started.credentials, accessKeyId: `ASIA${number}`, expiresAt: at(age + 900) },
  };
}

/** Sessions of a grant of half an hour, as seen by whoever asks at these seconds. */
function asker() {
  let now = 0;
  let issued = 1;
  let over: Error | undefined;
  const renew = async () => {
    if (over !== undefined) throw over;
    issued += 1;
    return lent(issued, 1800 - now);
  };
  const sessions = new LentSessions(lent(1, 1800), renew, () => now);
  return {
    at: (second: number) => {
      now = second;
      return sessions.current().then(({ credentials }) => credentials.accessKeyId);
    },
    end: (error: Error | undefined) => {
      over = error;
    },
  };
}

describe('programs inside a grant share a session while it is good', () => {
  test('asked often, it is renewed every nine minutes, and the last one lasts to the end', async () => {
    const { at } = asker();
    const seen: Record<string, string> = {};
    for (const second of [0, 1, 300, 539, 540, 1079, 1080, 1799]) seen[second] = await at(second);
    expect(seen).toEqual({
      0: 'ASIA1',
      1: 'ASIA1',
      300: 'ASIA1',
      539: 'ASIA1',
      540: 'ASIA2',
      1079: 'ASIA2',
      1080: 'ASIA3',
      1799: 'ASIA3',
    });
  });

  test('asked at once by many, it is renewed once', async () => {
    const { at } = asker();
    expect(await Promise.all([at(600), at(600), at(600)])).toEqual(['ASIA2', 'ASIA2', 'ASIA2']);
  });

  test('after the end whoever asks learns that it has ended', async () => {
    const { at, end } = asker();
    await at(1080);
    end(new Error('the grant ended'));
    await expect(at(1800)).rejects.toThrow('the grant ended');
  });

  test('a renewal that failed is tried again by whoever asks next', async () => {
    const { at, end } = asker();
    end(new Error('throttled'));
    await expect(at(540)).rejects.toThrow('throttled');
    end(undefined);
    expect(await at(541)).toBe('ASIA2');
  });
});
