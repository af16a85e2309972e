import { describe, expect, test } from 'vitest';
import { at, commandFirst } from '../../lib/cli/invocation.ts';
import { emptyFolder, janitor } from '../builders/command-line.ts';
import { errorSchema } from './contract.ts';

const STACK = ['--stack', 'CredentialJanitor'];

/** Each is refused before anything is opened or asked: no AWS is configured here. */
describe('flags that do not go together: exit 2, with the reason and the way out', () => {
  test.each([
    ['explain x --state-dir d', 'two different records'],
    ['explain x --now 2026-01-01', 'a deployed janitor lives now'],
    ['scan --now 2026-01-01', 'a deployed janitor lives now'],
    ['scan --policy p', 'the policy that is deployed with it'],
    ['sweep --state-dir d', 'two different records'],
    ['sweep --now 2026-01-01', 'a deployed janitor lives now'],
    ['sweep --policy p', 'the policy that is deployed with it'],
    ['sweep --full', 'inventory.fullReadEvery'],
    ['restore x --reason r --state-dir d', 'two different records'],
    ['approve plan/111122223333/1 --yes --now 2026-01-01', 'a deployed janitor lives now'],
    ['reject plan/111122223333/1 --reason r --policy p', 'the policy that is deployed with it'],
    ['halt --all --reason r --state-dir d', 'two different records'],
    ['halt --list --state-dir d', 'two different records'],
    ['resume --all --reason r --now 2026-01-01', 'a deployed janitor lives now'],
    ['policy activate --state-dir d', 'two different records'],
    ['policy activate --now 2026-01-01', 'a deployed janitor lives now'],
    ['ledger verify --state-dir d', 'two different records'],
    ['ledger replay x --state-dir d', 'two different records'],
  ])('--stack and %s', async (line, why) => {
    await refused([...line.split(' '), ...STACK], why);
  });

  test.each([
    ['sweep --accounts 111122223333', 'a local sweep reads the account of its caller'],
    ['sweep --follow run-1', 'only the workflow of a stack has runs'],
    ['explain x --profile p', 'AWS is not asked about a local record'],
    ['ledger verify --region eu-central-1', 'AWS is not asked about a local record'],
  ])('%s without --stack', async (line, why) => {
    await refused(line.split(' '), why);
  });

  test.each([
    ['sweep --api http://127.0.0.1:1', /unknown option '--api'/],
    ['sweep --follow r --enforce', /'--follow <run>' cannot be used with option '--enforce'/],
    ['sweep --follow r --accounts 111122223333', /cannot be used with option '--accounts <ids>'/],
    ['sweep --follow r --yes', /cannot be used with option '--yes'/],
    ['sweep --follow r/2', /A run is named as sweep printed it/],
    ['sweep --accounts 1111', /An AWS account id has twelve digits/],
    ['sweep --accounts 111122223333,', /An AWS account id has twelve digits/],
    ['scan --stack', /'--stack <name>' argument missing/],
    ['scan --stack=', /A stack is named by letters, digits and hyphens/],
    ['scan --stack a_b', /A stack is named by letters, digits and hyphens/],
    ['demo --stack x', /unknown option '--stack'/],
    ['policy check --stack x', /unknown option '--stack'/],
    ['policy test --stack x', /unknown option '--stack'/],
  ])('%s', async (line, message) => {
    const { exit, err } = await janitor([...line.split(' '), ...(line.includes('--stack') ? [] : STACK)]);
    expect(exit).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toMatch(message);
  });
});

describe('where an API is named', () => {
  const API = ['--api', 'http://127.0.0.1:1'];
  test.each([
    ['approve x --yes --state-dir d', 'two different records'],
    ['approve x --yes --stack S', 'two different janitors'],
    ['approve x --yes --now 2026-01-01', 'a served janitor lives when it lives'],
    ['request list --policy p', 'the policy it was started with'],
    ['exception list --state-dir d', 'two different records'],
    ['challenge list --now 2026-01-01', 'a served janitor lives when it lives'],
  ])('--api and %s', async (line, why) => {
    await refused([...line.split(' '), ...API], why);
  });

  test('JANITOR_API counts as the flag does, where nothing else is named', async () => {
    const env = { JANITOR_API: 'http://janitor.example.com' };
    const named = await janitor(['request', 'list', '--format', 'json'], { env });
    expect([named.exit, errorSchema.parse(JSON.parse(named.err)).error.code]).toEqual([2, 'api-invalid']);
    const clash = await janitor(['request', 'list', '--now', '2026-01-01', '--format', 'json'], { env });
    expect(errorSchema.parse(JSON.parse(clash.err)).error.message).toContain('JANITOR_API and --now');
    const cwd = emptyFolder();
    const local = await janitor(['explain', 'x', '--state-dir', 'd', '--format', 'json'], { env, cwd });
    expect(errorSchema.parse(JSON.parse(local.err)).error.code).toBe('state-dir-empty');
  });
});

async function refused(argv: readonly string[], why: string): Promise<void> {
  const { exit, out, err } = await janitor([...argv, '--format', 'json']);
  const { error } = errorSchema.parse(JSON.parse(err));
  expect([exit, out, error.code]).toEqual([2, '', 'usage']);
  expect(error.message).toContain(why);
  expect(error.hint).toMatch(/^(Leave out|Name the stack)/);
}

describe('janitor --stack NAME COMMAND is janitor COMMAND --stack NAME', () => {
  test.each([
    ['--stack S sweep --enforce', 'sweep --enforce --stack S'],
    ['--api http://127.0.0.1:1 request list', 'request list --api http://127.0.0.1:1'],
    ['--stack=S policy activate', 'policy activate --stack=S'],
    ['--stack S explain -- -odd', 'explain --stack S -- -odd'],
    ['sweep --stack S', 'sweep --stack S'],
    ['--stack', '--stack'],
    ['--stack S', '--stack S'],
    ['--version', '--version'],
  ])('%s', (typed, meant) => {
    expect(commandFirst(typed.split(' ')).join(' ')).toBe(meant);
  });
});

describe('commands that a deployed janitor is asked about name the stack', () => {
  test.each([
    ['Run `janitor ledger verify`.', 'Run `janitor ledger verify --stack S`.'],
    ['janitor explain plan/1/2', 'janitor explain --stack S plan/1/2'],
    ['"janitor halt --list"', '"janitor halt --stack S --list"'],
    ['janitor sweep --stack S --follow r', 'janitor sweep --stack S --follow r'],
    ['janitor policy check', 'janitor policy check'],
    ['janitor ledger rebuild', 'janitor ledger rebuild'],
    ['the janitor restores it', 'the janitor restores it'],
  ])('%s', (written, shown) => {
    expect(at({ flag: '--stack', value: 'S' }, written)).toBe(shown);
    expect(at(undefined, written)).toBe(written);
  });

  test.each([
    ['janitor approve plan/1/2', 'janitor approve --api http://127.0.0.1:1 plan/1/2'],
    ['janitor request show x', 'janitor request show --api http://127.0.0.1:1 x'],
    ['"janitor halt --list"', '"janitor halt --api http://127.0.0.1:1 --list"'],
    ['janitor sweep', 'janitor sweep'],
    ['janitor ledger verify', 'janitor ledger verify'],
  ])('and the address of an API: %s', (written, shown) => {
    expect(at({ flag: '--api', value: 'http://127.0.0.1:1' }, written)).toBe(shown);
  });
});
