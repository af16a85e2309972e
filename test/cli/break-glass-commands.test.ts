import { describe, expect, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { brokerAnswers, ended, GRANT_ID, grant, INCIDENT_ID, incident, SECRETS } from './broker-answers.ts';
import { errorSchema } from './contract.ts';
import { fakeDesk } from './fake-desk.ts';
import { servedBroker } from './served-broker.ts';

const broker = servedBroker();
const run = (...argv: readonly string[]) => broker.janitor(['break-glass', ...argv]);
const asked = () => broker.calls.map(({ operation, parameters: [, ...rest] }) => [operation, ...rest]);
const REASON = ['--reason', 'the laptop was stolen'];

describe('each command asks one thing, and answers it as one document of JSON', () => {
  test.each([
    [['roles'], ['listBreakGlassRoles'], { roles: brokerAnswers.listBreakGlassRoles.items }],
    [['list'], ['listGrants', { state: 'open', limit: 25 }], { grants: [grant, ended] }],
    [
      ['list', '--state', 'all', '--limit', '3'],
      ['listGrants', { state: 'all', limit: 3 }],
      { grants: [grant, ended] },
    ],
    [['show', GRANT_ID], ['getGrant', GRANT_ID], { ...grant }],
    [['approve', GRANT_ID], ['approveGrant', GRANT_ID], { ...brokerAnswers.approveGrant }],
    [['return', GRANT_ID], ['returnGrant', GRANT_ID, undefined], { ...brokerAnswers.returnGrant }],
    [['revoke', GRANT_ID, ...REASON], ['revokeGrant', GRANT_ID, REASON[1]], { ...brokerAnswers.revokeGrant }],
    [
      ['revoke', '--role', 'database-admin', '--account', '111122223333', ...REASON],
      ['revokeRole', { role: 'database-admin', accountId: '111122223333', reason: REASON[1] }],
      { ...brokerAnswers.revokeRole },
    ],
    [['evidence', GRANT_ID], ['getGrantEvidence', GRANT_ID], { ...brokerAnswers.getGrantEvidence }],
    [['incidents'], ['listIncidents', { state: 'open', limit: 25 }], { incidents: [incident] }],
    [
      ['explain-incident', INCIDENT_ID, '--reason', 'the provider was down', '--ticket', 'OPS-9'],
      ['explainIncident', INCIDENT_ID, { reason: 'the provider was down', ticket: 'OPS-9' }],
      { ...brokerAnswers.explainIncident },
    ],
    [
      ['drill', '--account', '111122223333', '--id', GRANT_ID],
      ['drill', { grantId: GRANT_ID, accountId: '111122223333' }],
      { ...brokerAnswers.drill },
    ],
  ] as const)('%j', async (argv, call, document) => {
    const { exit, out } = await run(...argv, '--format', 'json');
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify({ schemaVersion: 1, ...document })));
    expect(asked()).toEqual([call]);
  });

  test.each([
    ['roles', 'name,why,accounts'],
    ['list', 'grantId,state,afterUse'],
    ['incidents', 'incidentId,state,kind'],
  ])('%s as CSV, a line each', async (command, head) => {
    const { out } = await run(command, '--format', 'csv');
    expect(out.startsWith(head)).toBe(true);
    const [titles = '', ...lines] = out.trimEnd().split(/\r?\n/);
    expect(lines.length).toBeGreaterThan(0);
    expect(titles.split(',').length).toBeGreaterThan(5);
  });
});

describe('what people read says what is left and what comes next', () => {
  test('who has what, and for how long', async () => {
    const { out } = await run('list');
    expect(out).toMatch(/active +database-admin +111122223333 +ana +29 min left/);
    expect(out).toMatch(/ended, review-due +database-admin +111122223333 +ana +none/);
  });

  test('a grant: why, by whom, what is left, how it is used and given back', async () => {
    const { out } = await run('show', GRANT_ID);
    expect(out).toContain('29 min left, until 2026-03-02 08:30 UTC');
    expect(out).toContain(`janitor break-glass exec --grant ${GRANT_ID} -- aws sts get-caller-identity`);
    expect(out).toContain(`janitor break-glass return ${GRANT_ID}`);
  });

  test('a role: exactly what it allows and denies, and whether it is for whoever asks', async () => {
    const { out } = await run('roles');
    expect(out).toContain('Allows rds:Reboot* on every resource.');
    expect(out).toContain('Denies assuming any role.');
    expect(out).toContain('might have it now');
    expect(out).toContain('ana is on call');
  });

  test('evidence: the summary before each call', async () => {
    const { out } = await run('evidence', GRANT_ID);
    expect(out.indexOf('rds:RebootDBInstance once')).toBeGreaterThan(0);
    expect(out).toContain('Somebody else reviews it (ben, carla):');
    expect(out.lastIndexOf('rds:RebootDBInstance')).toBeGreaterThan(out.indexOf('rds:RebootDBInstance once'));
    expect(out).toContain('arn:aws:rds:eu-central-1:111122223333:db:orders');
  });

  test('an incident: what, by whom, and whose word is missing', async () => {
    const { out } = await run('incidents');
    expect(out).toContain(INCIDENT_ID);
    expect(out).toContain('of which every use is reviewed');
  });
});

describe('a review is of what was read (I17)', () => {
  const REVIEW = ['review', GRANT_ID, '--verdict', 'closed', '--reason', 'as the ticket says'];

  test('the evidence is shown first, then it is asked, then recorded', async () => {
    const argv = ['break-glass', ...REVIEW];
    const { exit, err, terminal } = await broker.janitor(argv, { tty: true, answer: true });
    expect(exit).toBe(0);
    expect(err).toContain('rds:RebootDBInstance once');
    expect(terminal.asked).toEqual(['Record "closed" about what stands above?']);
    expect(asked()).toEqual([
      ['getGrantEvidence', GRANT_ID],
      ['reviewGrant', GRANT_ID, { verdict: 'closed', reason: 'as the ticket says' }],
    ]);
  });

  test('declined, nothing is recorded', async () => {
    const { exit, err } = await broker.janitor(['break-glass', ...REVIEW], { tty: true, answer: false });
    expect({ exit, said: err.includes('Nothing was recorded.') }).toEqual({ exit: 0, said: true });
    expect(asked().map(([operation]) => operation)).toEqual(['getGrantEvidence']);
  });

  test('a person is asked for the verdict and the reason after reading', async () => {
    const typed = { closed: 'finding', Why: 'it read another secret' };
    const argv = ['break-glass', 'review', GRANT_ID, '--follow-up', 'OPS-130'];
    await broker.janitor(argv, { tty: true, answer: true, typed });
    const body = { verdict: 'finding', reason: 'it read another secret', followUp: 'OPS-130' };
    expect(asked().at(-1)).toEqual(['reviewGrant', GRANT_ID, body]);
  });

  test('in a script only with --yes', async () => {
    const refused = await run(...REVIEW);
    expect(refused.exit).toBe(2);
    expect(broker.calls).toEqual([]);
    expect(await run(...REVIEW, '--yes')).toMatchObject({ exit: 0 });
  });

  test('an incident is shown and reviewed the same way', async () => {
    const argv = ['break-glass', 'review-incident', INCIDENT_ID, '--verdict', 'closed', '--reason', 'known'];
    const { exit, err } = await broker.janitor(argv, { tty: true, answer: true });
    expect(exit).toBe(0);
    expect(err).toContain('ConsoleLogin in us-east-1');
    expect(asked().at(-1)).toEqual(['reviewIncident', INCIDENT_ID, { verdict: 'closed', reason: 'known' }]);
  });

  test('an incident that there is not is told apart from a grant', async () => {
    const { exit, err } = await run(
      'review-incident',
      GRANT_ID,
      '--verdict',
      'closed',
      '--reason',
      'x y',
      '--yes',
    );
    expect(exit).toBe(2);
    expect(err).toContain('grants are reviewed by');
  });
});

describe('exit codes', () => {
  test('what could not be ended yet is exit 1, and said to be tried again', async () => {
    broker.answer({ revokeGrant: { outcome: 'open', grant: { ...grant, failure: 'aws-throttled' } } });
    const { exit, out } = await run('revoke', GRANT_ID, ...REASON);
    expect(exit).toBe(1);
    expect(out).toContain('tried again every five minutes');
  });

  test('a drill that failed is exit 1, with each stage', async () => {
    const stages = [
      { stage: 'record', outcome: 'passed' },
      { stage: 'assume', outcome: 'failed', detail: 'aws-denied' },
    ];
    broker.answer({ drill: { outcome: 'failed', stages } });
    const { exit, out } = await run('drill', '--account', '111122223333');
    expect(exit).toBe(1);
    expect(out).toContain('aws-denied');
  });

  test.each([
    [['revoke'], 'one of them'],
    [['revoke', GRANT_ID, '--role', 'x'], 'one of them'],
    [['revoke', GRANT_ID, '--account', '111122223333'], 'no role is named'],
    [['show', 'short'], '8 to 64'],
    [['start', 'x', '--duration', 'soon'], '30m'],
    [['list', '--state', 'closed'], 'open'],
  ])('%j is wrong usage, and nothing is asked', async (argv, said) => {
    const { exit, err } = await run(...argv, ...(argv[0] === 'revoke' ? REASON : []));
    expect(exit).toBe(2);
    expect(err).toContain(said);
    expect(broker.calls).toEqual([]);
  });

  test.each([
    ['policy', 'not-an-approver', 5],
    ['user', 'grant-not-found', 2],
    ['system', 'ledger-unavailable', 1],
    ['access', 'evidence-unread', 4],
  ] as const)('%s, %s: exit %i, one object on stderr', async (source, code, exit) => {
    broker.answer({ getGrant: new JanitorError('no', { code, source }) });
    const answer = await run('show', GRANT_ID, '--format', 'json');
    expect(answer).toMatchObject({ exit, out: '' });
    expect(errorSchema.parse(JSON.parse(answer.err)).error.code).toBe(code);
  });
});

test('no command but start and credentials ever sees a secret, and none prints one', async () => {
  for (const argv of [
    ['roles'],
    ['list'],
    ['show', GRANT_ID],
    ['evidence', GRANT_ID],
    ['return', GRANT_ID],
  ]) {
    const { out, err } = await run(...argv, '--format', 'json');
    for (const secret of SECRETS) expect(out + err).not.toContain(secret);
  }
});

test('approving by the id of a grant says how a grant is approved', async () => {
  const unknown = new JanitorError('no such request', { code: 'request-not-found', source: 'user' });
  const { janitor } = fakeDesk({ getRequest: unknown });
  const { exit, err } = await janitor(['approve', GRANT_ID, '--yes', '--format', 'json']);
  expect(exit).toBe(2);
  const { error } = errorSchema.parse(JSON.parse(err));
  expect(error).toMatchObject({ code: 'request-not-found' });
  expect(error.hint).toContain(`janitor break-glass approve ${GRANT_ID}`);
});

test.each(['may-not-return', 'caller-unresolved'])(
  '%s in a shell with a session in its environment: whose it may be',
  async (code) => {
    broker.answer({
      returnGrant: new JanitorError('not yours', { code, source: 'policy', hint: 'Revoke it.' }),
    });
    const argv = ['break-glass', 'return', GRANT_ID];
    const { err } = await broker.janitor(argv, { env: { AWS_SESSION_TOKEN: 'x' } });
    expect(err.replaceAll('\n', ' ')).toContain('A shell with the exports of a grant signs as its role');
    expect((await run('return', GRANT_ID)).err).not.toContain('exports');
  },
);
