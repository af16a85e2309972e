import { expect, it } from 'vitest';
import { subjects } from '../../lib/domain/subject.ts';
import { askAs } from './asked.ts';
import type { DeployedWorld } from './deployed-world.ts';
import { assumedBy, endedPolicy, type Lent, scheduledEnd, startedSchema, tried, wanted } from './lent.ts';
import { HUB } from './organisation.ts';
import { until } from './until.ts';

const GRANT = 'users-at-night';
/** The grant that nobody gives back. */
export const MINUTE = 'users-for-a-minute';
const TIMEOUT_MS = 60_000;
/** A minute, the scheduler's tick, and a cold call. */
const ENDED_MS = 100_000;

/** Of a grant that nobody gives back: taken by the first, and seen to have ended by the second, some tests later. */
export function lentForAMinute(of: () => DeployedWorld): {
  readonly taken: () => void;
  readonly ended: () => void;
} {
  let lent: Lent | undefined;
  return {
    taken: () =>
      it('a role is lent for a minute', { timeout: TIMEOUT_MS }, async () => {
        const body = wanted(of(), MINUTE, 60);
        const { body: said } = await askAs(of(), 'ana', { route: 'POST /v1/break-glass/grants', body });
        lent = startedSchema.parse(said).credentials;
        expect(await tried(of(), lent, 'look at users')).toBe('done');
      }),
    ended: () =>
      it('the one-time schedule has it ended at its end, and goes (G11)', {
        timeout: ENDED_MS + 30_000,
      }, async () => {
        const types = await until('the grant has ended', ENDED_MS, async () => {
          const found = await typesOf(of(), MINUTE);
          return found.includes('grant.ended') ? found : undefined;
        });
        expect(types).toEqual(['grant.requested', 'grant.activated', 'grant.ending', 'grant.ended']);
        expect(await scheduledEnd(of(), MINUTE)).toBeUndefined();
        expect((await endedPolicy(of())).text).toContain(MINUTE);
        if (lent === undefined) throw new Error('no role was lent');
        expect(await tried(of(), lent, 'look at users')).toBe('AccessDenied');
      }),
  };
}

async function typesOf({ hub }: DeployedWorld, grantId: string): Promise<string[]> {
  return (await hub.ledger.chain(subjects.grant(grantId))).map(({ type }) => type);
}

/** Tests of a break-glass role that is taken and given back through API Gateway, once a policy is in force. */
export function lentAndGivenBack(of: () => DeployedWorld): void {
  let lent: Lent | undefined;
  const credentials = () => {
    if (lent === undefined) throw new Error('no role was lent');
    return lent;
  };
  const types = () => typesOf(of(), GRANT);

  it('a role is lent to whoever is on call, with a schedule for its end; others get none', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const route = 'POST /v1/break-glass/grants';
    const body = wanted(of(), GRANT);
    const mine = await askAs(of(), 'ana', { route, body });
    expect(mine).toMatchObject({ status: 200, body: { outcome: 'started' } });
    const started = startedSchema.parse(mine.body);
    lent = started.credentials;
    expect(started.grant.errands).toEqual([]);
    const scheduled = await scheduledEnd(of(), GRANT);
    expect(scheduled).toEqual({
      at: expect.stringMatching(/^at\(.+\)$/),
      arn: expect.stringContaining(':function:credential-janitor-reconcile-grants'),
      input: { end: GRANT },
    });
    expect(`${scheduled?.at?.slice(3, -1)}.000Z` >= started.grant.endsAt).toBe(true);
    expect(await types()).toEqual(['grant.requested', 'grant.activated']);
    await of().give('ben', 'on-call');
    expect((await askAs(of(), 'mallory', { route, body })).status).toBe(403);
    expect(await askAs(of(), 'ben', { route, body: { ...body, grantId: 'not-for-ben' } })).toMatchObject({
      status: 403,
      body: { code: 'not-eligible' },
    });
  });

  it('it does what the role may within its boundary; nobody else can assume the role', async () => {
    expect(await tried(of(), credentials(), 'look at users')).toBe('done');
    expect(await tried(of(), credentials(), 'make a user')).toBe('AccessDenied');
    for (const who of ['ana', 'root of the hub'] as const) {
      expect(await assumedBy(of(), who), who).toBe('AccessDenied');
    }
  });

  it('given back, the same credentials are refused: a new version of the policy denies the grant', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const before = await endedPolicy(of());
    expect(before.text).not.toContain(GRANT);
    const route = `POST /v1/break-glass/grants/${GRANT}/return` as const;
    expect(await askAs(of(), 'ana', { route, body: { reason: 'it is mended' } })).toMatchObject({
      status: 200,
      body: { outcome: 'ended' },
    });
    const after = await endedPolicy(of());
    expect(after.text).toContain(GRANT);
    expect(after.version).not.toBe(before.version);
    expect(await tried(of(), credentials(), 'look at users')).toBe('AccessDenied');
    expect(await types()).toEqual(['grant.requested', 'grant.activated', 'grant.ending', 'grant.ended']);
    expect(await of().hub.verify()).toMatchObject({ ok: true });
  });

  it('who could say no was told, and nobody was told a secret', async () => {
    const mails = await of().mails();
    expect(mails.filter(({ text }) => text.includes(GRANT)).map(({ to }) => to)).toContain('ben@example.com');
    const record = (await of().hub.events()).map((event) => JSON.stringify(event));
    const lines = [...(await of().ministack.functionLogs(HUB)), ...record, JSON.stringify(mails)];
    const { secretAccessKey, sessionToken } = credentials();
    for (const secret of [secretAccessKey, sessionToken]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });
}
