import { expect, test } from 'vitest';
import { textWidth } from '../../lib/cli/render/text.ts';
import { EmbeddedAws, seedMessyCompany } from '../../lib/embedded-aws/index.ts';
import { janitor } from '../builders/command-line.ts';

/** The demo's world is the same every time, so its secrets are known. */
const { plantedValues } = seedMessyCompany(new EmbeddedAws({ now: '2026-03-02T08:00:00.000Z' }));

test('the demo runs to its end, prints no secret, fits 80 columns, and ends with what to try next', async () => {
  const columns = 80;
  const { exit, out, err } = await janitor(['demo'], { tty: true, columns, env: { NO_COLOR: '1' } });
  expect({ exit, err }).toEqual({ exit: 0, err: '' });

  for (const value of plantedValues) expect(out).not.toContain(value);
  expect(out).not.toContain('\u001b');
  const tooWide = out.split('\n').filter((line) => textWidth(line) > columns && line.trim().includes(' '));
  expect(tooWide).toEqual([]);

  const story = [
    'An account that grew',
    'Nobody may act alone',
    'First everybody is told',
    'Hello dmitri,',
    'disabled, within limits',
    'An owner needs his key back',
    'Enabled again',
    'Plans wait for two different people',
    'refused:',
    'approved, 13 guarded steps',
    'A permission is lost, and nothing is destroyed',
    'Changes to the account: 0',
    'The rest, within the limits',
    'A month in quarantine, then deleted',
    'The ledger verifies:',
    'The same again:',
    'It was deleted',
    'Where everybody ended up',
    'What to try next',
  ];
  const positions = story.map((part) => [part, out.indexOf(part)] as const);
  expect(positions.filter(([, position]) => position < 0)).toEqual([]);
  expect(positions.map(([, position]) => position)).toEqual(
    positions.map(([, position]) => position).sort((a, b) => a - b),
  );
}, 120_000);
