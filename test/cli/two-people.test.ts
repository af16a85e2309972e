import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runJanitor } from '../../lib/cli/index.ts';
import {
  type Answer,
  emptyFolder,
  everythingPrinted,
  janitor,
  stubAwsEnvironment,
} from '../builders/command-line.ts';
import { recordedTerminal } from '../builders/terminal.ts';
import { errorSchema } from './contract.ts';

const NOW = '2026-10-05T09:00:00Z';
const LATER = '2026-10-21T09:00:00Z';
const DEMO = path.join(import.meta.dirname, '..', '..', 'lib', 'cli', 'demo', 'policy');
const cwd = emptyFolder();

let environment: Record<string, string> = {};
let people: readonly { readonly name: string; readonly exports: Record<string, string> }[] = [];
let stop = () => {};
let serving: Promise<number>;
let keyId = '';
let printedBefore = 0;

beforeAll(async () => {
  stubAwsEnvironment({});
  printedBefore = everythingPrinted().length;
  const interrupted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const terminal = recordedTerminal({ interrupted, cwd });
  const scenario = ['--scenario', 'messy-company', '--now', NOW];
  serving = runJanitor(
    ['serve', '--port', '0', '--aws-port', '0', '--format', 'json', ...scenario],
    terminal,
  );
  await vi.waitFor(() => expect(terminal.out()).not.toBe(''), { timeout: 20_000, interval: 10 });
  const said = JSON.parse(terminal.out());
  environment = said.exports;
  people = said.people;
  await as('administrator', 'policy', 'activate');
  await sweep(NOW);
  const { out } = await janitor(['scan', '--full', '--policy', DEMO, '--format', 'json'], { cwd });
  const credentials: { readonly id: string }[] = JSON.parse(out).credentials;
  keyId =
    credentials
      .find(({ id }) => id.includes('/quarterly-billing/'))
      ?.id.split('/')
      .at(-1) ?? '';
}, 60_000);
afterAll(async () => {
  stop();
  expect(await serving).toBe(0);
  vi.unstubAllEnvs();
});

/** Signs as somebody and asks the API that is served. */
function as(who: string, ...argv: readonly string[]): Promise<Answer> {
  const own = people.find(({ name }) => name === who)?.exports ?? {};
  const { JANITOR_API = '', ...aws } = { ...environment, ...own };
  stubAwsEnvironment(aws);
  return janitor([...argv, '--format', 'json'], { cwd, env: { JANITOR_API } });
}

/** As the program itself, on the record that is served: it lets others in while nobody asks. */
async function sweep(now: string): Promise<{ readonly held: readonly Record<string, string>[] }> {
  const { JANITOR_API: _api, ...aws } = environment;
  stubAwsEnvironment(aws);
  const argv = ['sweep', '--enforce', '--yes', '--policy', DEMO, '--now', now, '--format', 'json'];
  return vi.waitFor(
    async () => {
      const { out } = await janitor(argv, { cwd });
      return JSON.parse(out);
    },
    { timeout: 30_000, interval: 200 },
  );
}

const said = ({ exit, out }: Answer) => ({ exit, ...JSON.parse(out) });
const refused = ({ exit, err }: Answer) => [exit, errorSchema.parse(JSON.parse(err)).error.code];
const WHY = ['--reason', 'runs once a quarter', '--reason-kind', 'business-need', '--ticket', 'OPS-123'];

describe('an exception: asked by one, approved by two, in force, revoked', () => {
  let id = '';

  test('G3 G4 dmitri asks, and reads who has to approve', async () => {
    const scope = ['--credential', keyId, '--rule', 'access-key-unused', '--while', 'ticket'];
    const asked = await as('dmitri', 'exception', 'request', ...scope, ...WHY, '--until', '60d');
    expect(said(asked)).toMatchObject({
      exit: 0,
      outcome: 'recorded',
      request: {
        state: 'pending',
        tier: 'critical',
        approvalsNeeded: 2,
        request: { businessOwner: 'dmitri', endsAt: '2026-12-04T09:00:00.000Z' },
      },
    });
    id = said(asked).request.requestId;
  });

  test('the same id again is the same request; another under it is refused: exit 2', async () => {
    const again = (until: string) =>
      as(
        'dmitri',
        ...['exception', 'request', '--credential', keyId, '--rule', 'access-key-unused'],
        ...['--while', 'ticket', ...WHY, '--until', until, '--request-id', id],
      );
    expect(said(await again('2026-12-04T09:00:00Z'))).toMatchObject({ exit: 0, outcome: 'repeated' });
    expect(refused(await again('2026-12-05'))).toEqual([2, 'request-conflict']);
  });

  test('I11 neither who asked nor one person twice: exit 5 and 2', async () => {
    expect(refused(await as('dmitri', 'approve', id, '--yes'))[0]).toBe(5);
    expect(said(await as('carla', 'approve', id, '--yes'))).toMatchObject({ exit: 0, state: 'pending' });
    const wrongHash = await as('ben', 'approve', id, '--hash', '0'.repeat(64));
    expect(refused(wrongHash)).toEqual([2, 'another-request']);
    expect(said(await as('ben', 'approve', id, '--yes'))).toMatchObject({ exit: 0, state: 'done' });
  });

  test('G14 it holds the step of its rule, and is listed and shown', async () => {
    const { held } = await sweep(LATER);
    const step = held.find(({ credentialId = '' }) => credentialId.includes(keyId));
    expect(step).toMatchObject({ step: 'disable', rule: 'access-key-unused', code: 'on-hold' });
    expect(step?.reason).toContain(id);
    expect(said(await as('carla', 'exception', 'list')).exceptions).toMatchObject([
      { exceptionId: id, state: 'active', ticket: 'OPS-123' },
    ]);
  });

  test('revoked, it is over at once, and explain tells all of it over the API', async () => {
    const revoked = await as('carla', 'exception', 'revoke', id, '--reason', 'rotated instead');
    expect(said(revoked)).toMatchObject({ exit: 0, repeated: false, exception: { state: 'revoked' } });
    const { JANITOR_API = '' } = environment;
    const told = await janitor(['explain', `exception#${id}`, '--api', JANITOR_API], { cwd });
    const words = told.out.replaceAll(/\s+/g, ' ');
    expect(told.exit).toBe(0);
    for (const word of ['dmitri', 'carla', 'ben', 'OPS-123', 'rotated instead'])
      expect(words).toContain(word);
  });
});

test('a challenge: the step waits, the challenger may not decide, another does', async () => {
  const against = ['--credential', keyId, '--rule', 'access-key-unused', '--step', 'disable'];
  const opened = await as('dmitri', 'challenge', 'open', ...against, '--reason', 'runs once a quarter');
  expect(said(opened)).toMatchObject({ exit: 0, challenge: { state: 'open', approverGroup: 'platform' } });
  const { challengeId } = said(opened).challenge;
  const decide = ['challenge', 'decide', challengeId, '--dismiss', '--reason', 'x'];
  expect(refused(await as('dmitri', ...decide))[0]).toBe(5);
  expect(refused(await as('ben', ...decide))[0]).toBe(5);
  expect(said(await as('ana', 'challenge', 'list')).challenges).toMatchObject([
    { challengeId, state: 'open' },
  ]);
});

describe('G18 on behalf of somebody: each hop proves itself', () => {
  const NEXT = 'arn:aws:iam::111122223333:user/people/carla';
  const file = path.join(cwd, 'request.json');
  const create = (more: readonly string[]) => ['request', 'create', ...more];

  test('dmitri hands it to carla, who asks; the proofs are worth nothing a second time or to others', async () => {
    const asks = ['--kind', 'restore', '--credential', keyId, ...WHY, '--until', '1d', '--print'];
    const printed = await as('dmitri', ...create(asks));
    writeFileSync(file, printed.out);
    const proven = await as('dmitri', 'delegation', 'prove', '--request', file, '--next', NEXT);
    expect(proven.err).toContain('to nobody else');
    const proofs = path.join(cwd, 'proofs.json');
    writeFileSync(proofs, proven.terminal.handedOver.join(''));
    const ask = create(['--from', file, '--delegation', proofs]);
    expect(refused(await as('ben', ...ask))).toEqual([5, 'delegation-refused']);
    const requestId = 'second-try-of-carla';
    writeFileSync(file, JSON.stringify({ ...JSON.parse(printed.out), requestId }));
    const again = await as('dmitri', 'delegation', 'prove', '--request', file, '--next', NEXT);
    writeFileSync(proofs, again.terminal.handedOver.join(''));
    const { request } = said(await as('carla', ...ask));
    expect(request.requester).toMatchObject({
      actor: { person: 'carla' },
      onBehalfOf: [{ person: 'dmitri' }],
    });
  });

  test('a second hop follows the first, which comes from standard input; an API that is named is not asked', async () => {
    const first = await as('dmitri', 'delegation', 'prove', '--request', file, '--next', NEXT);
    const [before = ''] = first.terminal.handedOver;
    const { JANITOR_API: _api, ...aws } = environment;
    stubAwsEnvironment({ ...aws, ...people.find(({ name }) => name === 'ben')?.exports });
    const flags = ['--request', file, '--previous', '-', '--next', NEXT, '--api-id', 'janitor.example'];
    const second = await janitor(['delegation', 'prove', ...flags], { cwd, input: before });
    const [one, two] = JSON.parse(second.terminal.handedOver.join(''));
    expect([one]).toEqual(JSON.parse(before));
    expect(two.headers).toMatchObject({ 'x-janitor-api': 'janitor.example', 'x-janitor-next': NEXT });
    expect(two.headers['x-janitor-previous']).toMatch(/^[0-9a-f]{64}$/);
    const both = await janitor(['delegation', 'prove', '--request', '-', '--previous', '-', '--next', NEXT]);
    expect([both.exit, both.err]).toEqual([2, expect.stringContaining('one document, not two')]);
  });

  test.each([
    ['a next that is no principal', ['--next', 'carla'], 'proof-input-invalid'],
    ['previous proofs that are none', ['--next', NEXT, '--previous', file], 'delegation-malformed'],
  ])('%s: exit 2', async (_name, flags, code) => {
    const answer = await as('dmitri', 'delegation', 'prove', '--request', file, ...flags);
    expect(refused(answer)).toEqual([2, code]);
    expect(answer.terminal.handedOver).toEqual([]);
  });
});

test('no secret access key was printed', () => {
  const printed = everythingPrinted().slice(printedBefore);
  for (const { exports } of people) expect(printed).not.toContain(exports.AWS_SECRET_ACCESS_KEY);
});
