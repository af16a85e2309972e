import { describe, expect, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { GRANT_ID, SECRETS, started, waiting } from './broker-answers.ts';
import { errorSchema } from './contract.ts';
import { servedBroker } from './served-broker.ts';

const broker = servedBroker();
const ASKED = ['--account', '111122223333', '--reason', "the replica's lag grows", '--ticket', 'OPS-123'];
const START = ['break-glass', 'start', 'database-admin', ...ASKED];

function handedOver({ terminal }: Awaited<ReturnType<typeof broker.janitor>>): string {
  return terminal.handedOver.join('');
}

describe('credentials go to standard output and nowhere else (G1)', () => {
  test('as lines that a shell evaluates; prose, id and time left go to stderr', async () => {
    const answer = await broker.janitor([...START, '--id', GRANT_ID]);
    expect(answer).toMatchObject({ exit: 0, out: '' });
    expect(handedOver(answer).split('\n')).toEqual([
      'unset AWS_PROFILE AWS_DEFAULT_PROFILE',
      'export AWS_ACCESS_KEY_ID=ASIAEXAMPLESESSION01',
      `export AWS_SECRET_ACCESS_KEY=${SECRETS[0]}`,
      `export AWS_SESSION_TOKEN=${SECRETS[1]}`,
      'export AWS_CREDENTIAL_EXPIRATION=2026-03-02T08:15:00.000Z',
      '',
    ]);
    expect(answer.err).toContain('29 min left, until 2026-03-02 08:30 UTC');
    expect(answer.err.replaceAll('\n', ' ')).toContain(`janitor break-glass return ${GRANT_ID}`);
    for (const secret of SECRETS) expect(answer.err).not.toContain(secret);
    expect(broker.calls.map(({ parameters: [, body] }) => body)).toEqual([
      {
        grantId: GRANT_ID,
        role: 'database-admin',
        accountId: '111122223333',
        durationSeconds: 1800,
        reason: "the replica's lag grows",
        ticket: 'OPS-123',
      },
    ]);
  });

  test('as one JSON document', async () => {
    const answer = await broker.janitor([...START, '--format', 'json', '--duration', '1h']);
    expect(answer).toMatchObject({ exit: 0, out: '' });
    expect(JSON.parse(handedOver(answer))).toEqual({
      schemaVersion: 1,
      outcome: 'started',
      grant: started.grant,
      credentials: started.credentials,
    });
    expect(broker.calls[0]?.parameters[1]).toMatchObject({ durationSeconds: 3600 });
  });

  test('a session that outlives its grant is said to last as long as the grant', async () => {
    const credentials = { ...started.credentials, expiresAt: '2026-03-02T08:31:00.000Z' };
    broker.answer({ startGrant: { ...started, credentials } });
    expect(handedOver(await broker.janitor(START))).toContain('EXPIRATION=2026-03-02T08:30:00.000Z');
  });

  test('the id is a UUIDv7 of our own, said before anything is asked', async () => {
    broker.answer({ startGrant: new JanitorError('no', { code: 'not-on-call', source: 'policy' }) });
    const { err } = await broker.janitor(START);
    const [, id = ''] = /^Grant ([0-9a-f-]{36}):/m.exec(err) ?? [];
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(broker.calls[0]?.parameters[1]).toMatchObject({ grantId: id });
  });
});

describe('where a second person has to approve', () => {
  test('nothing is on stdout; who may approve, their command, and the one that goes on: exit 5', async () => {
    broker.answer({ startGrant: { outcome: 'waiting', grant: waiting } });
    const answer = await broker.janitor(START);
    expect(answer).toMatchObject({ exit: 5, out: '' });
    expect(answer.terminal.handedOver).toEqual([]);
    const said = answer.err.replaceAll('\n', ' ');
    expect(said).toContain('1 more person of group security (ben) before 2026-03-02 08:30 UTC');
    expect(said).toContain(`janitor break-glass approve ${GRANT_ID}`);
    expect(said).toContain(
      `janitor break-glass start database-admin --account 111122223333 --reason 'the replica'"'"'s lag grows' --ticket OPS-123 --duration 30m --id ${GRANT_ID}`,
    );
  });

  test('in JSON the waiting grant is the document', async () => {
    broker.answer({ startGrant: { outcome: 'waiting', grant: waiting } });
    const { exit, out } = await broker.janitor([...START, '--format', 'json']);
    expect(exit).toBe(5);
    expect(JSON.parse(out)).toEqual({ schemaVersion: 1, outcome: 'waiting', grant: waiting });
  });
});

describe('refusals and trouble', () => {
  const refusal = (code: string, source: 'policy' | 'system' | 'access' | 'user', message = 'no') =>
    new JanitorError(message, { code, source });

  test.each([
    ['not-on-call', 'policy', 5],
    ['duration-too-long', 'policy', 5],
    ['role-unknown', 'policy', 5],
    ['grant-conflict', 'user', 2],
    ['grant-over', 'policy', 5],
    ['ledger-unavailable', 'system', 1],
    ['aws-throttled', 'system', 1],
  ] as const)('%s: exit code by who can mend it', async (code, source, exit) => {
    broker.answer({ startGrant: refusal(code, source) });
    const answer = await broker.janitor([...START, '--format', 'json']);
    expect(answer).toMatchObject({ exit, out: '' });
    expect(answer.terminal.handedOver).toEqual([]);
    expect(errorSchema.parse(JSON.parse(answer.err)).error.code).toBe(code);
  });

  test('what the caller cannot mend names the last resort; what the policy says does not', async () => {
    broker.answer({ startGrant: refusal('ledger-unavailable', 'system', 'the record cannot be written') });
    expect((await broker.janitor(START)).err.replaceAll('\n', ' ')).toMatch(
      /the record cannot be written.*"The last resort" in docs\/break-glass\.md/,
    );
    broker.answer({ startGrant: refusal('not-on-call', 'policy') });
    expect((await broker.janitor(START)).err).not.toContain('last resort');
  });

  test('a lost answer says the id with which the same command goes on', async () => {
    broker.gateway.instead = 'dropped';
    const { exit, err } = await broker.janitor([...START, '--id', GRANT_ID]);
    expect(exit).toBe(1);
    expect(err.replaceAll('\n', ' ')).toContain(`The same command with --id ${GRANT_ID} goes on`);
  });

  test('a script that leaves something out is told all of it, before anything is asked', async () => {
    const { exit, err } = await broker.janitor(['break-glass', 'start', 'database-admin']);
    expect(exit).toBe(2);
    expect(err).toContain('--account, --reason and --ticket');
    expect(broker.calls).toEqual([]);
  });

  test('a person is asked for it', async () => {
    const typed = { account: '111122223333', Why: 'the replica lags behind', ticket: 'OPS-1' };
    const { exit } = await broker.janitor(['break-glass', 'start', 'database-admin'], { tty: true, typed });
    expect(exit).toBe(0);
    expect(broker.calls[0]?.parameters[1]).toMatchObject({
      reason: 'the replica lags behind',
      ticket: 'OPS-1',
    });
  });

  test('without a janitor that is named, what to name', async () => {
    const { exit, err } = await broker.janitor(START, { env: { JANITOR_API: '' } });
    expect(exit).toBe(2);
    expect(err).toContain('--stack NAME, --api URL or JANITOR_API');
  });
});
