import { describe, expect, test } from 'vitest';
import { EmbeddedAws, seedMessyCompany, useWhatIsInUse } from '../../lib/embedded-aws/index.ts';
import { scanAccount } from '../../lib/sweep/index.ts';
import { demoPolicyDirectory, openStage } from '../../lib/wiring/index.ts';
import { emptyFolder } from '../builders/command-line.ts';

const START = '2026-03-02T08:00:00.000Z';

describe('the messy company', () => {
  test('is the same every time', () => {
    const [a, b] = [new EmbeddedAws({ now: START }), new EmbeddedAws({ now: START })];
    expect(seedMessyCompany(a)).toEqual(seedMessyCompany(b));
    expect(a.snapshot()).toEqual(b.snapshot());
  });

  test('holds some hundred credentials of every kind, with the owners and outcomes its story needs', async () => {
    const stage = await openStage(emptyFolder(), START);
    const context = await stage.context(await stage.janitorSession(), demoPolicyDirectory());
    const outcomes = new Map<string, string>();
    const kinds = new Set<string>();
    const summary = await scanAccount(context, {
      full: true,
      onJudged: ({ credential, judgement }) => {
        kinds.add(credential.kind);
        outcomes.set(credential.id, `${judgement.verdict.outcome} ${judgement.verdict.rule ?? ''}`.trim());
      },
    });
    await stage.close();
    expect(summary).toMatchObject({ complete: true, problems: [] });
    expect(summary.credentials).toBeGreaterThan(150);
    expect([...kinds].sort()).toEqual([
      'access-key',
      'console-password',
      'root-access-key',
      'secret',
      'service-specific-credential',
    ]);
    const { keys, secrets } = stage.company;
    const found = Object.fromEntries(
      [
        ...Object.entries(keys),
        ...Object.entries(secrets).map(([name, id]) => [`secret ${name}`, id] as const),
      ].map(([name, id]) => [name, outcomes.get(id)]),
    );
    expect(found).toEqual({
      forgotten: 'act access-key-unused',
      quarterly: 'act access-key-unused',
      neverUsed: 'act access-key-unused',
      revived: 'act access-key-unused',
      sharedIdle: 'act access-key-unused',
      shared: 'act access-key-old-in-use',
      crowded: 'act access-key-old-in-use',
      formerVendor: expect.stringMatching(/^act access-key-(contract-ended|unused)$/),
      emergency: 'hold access-key-unused',
      busy: 'keep',
      'secret forgotten': 'act secret-unused',
      'secret orphan': 'act secret-unused',
      'secret replicated': 'keep',
    });
  });

  test('what is in use goes on being used, what is forgotten does not', () => {
    const aws = new EmbeddedAws({ now: START });
    const company = seedMessyCompany(aws);
    aws.clock.set('2026-06-01T08:00:00.000Z');
    useWhatIsInUse(aws, company);
    const world = JSON.stringify(aws.snapshot());
    expect(company.busy.length).toBeGreaterThan(60);
    expect(world).toContain('2026-06-01');
  });
});
