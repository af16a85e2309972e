import { describe, expect, test } from 'vitest';
import { janitor } from '../builders/command-line.ts';

const COMMANDS = [
  'scan',
  'sweep',
  'explain',
  'restore',
  'rotate',
  'request create',
  'request list',
  'request show',
  'request withdraw',
  'approve',
  'reject',
  'exception request',
  'exception list',
  'exception show',
  'exception renew',
  'exception revoke',
  'challenge open',
  'challenge list',
  'challenge show',
  'challenge decide',
  'delegation prove',
  'break-glass roles',
  'break-glass start',
  'break-glass exec',
  'break-glass credentials',
  'break-glass list',
  'break-glass show',
  'break-glass approve',
  'break-glass return',
  'break-glass revoke',
  'break-glass evidence',
  'break-glass review',
  'break-glass incidents',
  'break-glass explain-incident',
  'break-glass review-incident',
  'break-glass drill',
  'halt',
  'resume',
  'policy check',
  'policy test',
  'policy schema',
  'policy activate',
  'ledger verify',
  'ledger rebuild',
  'ledger replay',
  'serve',
  'embedded-aws',
  'demo',
];

describe('help', () => {
  test('lists exactly the commands that work', async () => {
    const { exit, out } = await janitor(['--help']);
    expect(exit).toBe(0);
    const listed = [...out.matchAll(/^ {2}([a-z-]+)(?: \[options\])?(?: <[a-z]+>)? {2,}/gm)].map(
      (match) => match[1],
    );
    const topLevel = new Set(COMMANDS.map((command) => command.split(' ')[0]));
    expect(new Set(listed.filter((name) => name !== 'help' && name !== 'janitor'))).toEqual(topLevel);
  });

  test.each(COMMANDS)(
    '%s has a description and an example that is a command line of its own',
    async (command) => {
      const { exit, out, err } = await janitor([...command.split(' '), '--help']);
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(out).toContain('Examples:');
      expect(out).toMatch(new RegExp(`^ {2}janitor ${command}`, 'm'));
    },
  );

  test.each(COMMANDS)('%s: the flags of its examples exist', async (command) => {
    const { out } = await janitor([...command.split(' '), '--help']);
    const [options = '', examples = ''] = out.split('Examples:');
    for (const [flag] of examples.matchAll(/--[a-z-]+/g)) expect(options).toContain(flag);
  });

  test('fits 80 columns', async () => {
    const { out } = await janitor(['sweep', '--help'], { tty: true, columns: 80 });
    const [options = ''] = out.split('Examples:');
    expect(options.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('sentences are broken where the line ends, and nowhere else', async () => {
    const { out } = await janitor(['--help']);
    const about = out.split('\n\n')[1]?.split('\n') ?? [];
    expect(about.join(' ')).toContain('Every decision is recorded and can be explained.');
    for (const line of about.slice(0, -1)) expect(line.length).toBeGreaterThan(70);
  });

  test('--version is the version of the package', async () => {
    const { exit, out } = await janitor(['--version']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage is exit 2 and says what is meant', () => {
  test.each([
    ['no command', [], /Usage: janitor/],
    ['an unknown command', ['scann'], /unknown command 'scann'[\s\S]*Did you mean scan\?/],
    ['an unknown subcommand', ['policy', 'chekc'], /unknown command 'chekc'[\s\S]*Did you mean check\?/],
    ['a group without a verb', ['ledger'], /Usage: janitor ledger/],
    ['an unknown flag', ['scan', '--ful'], /unknown option '--ful'[\s\S]*Did you mean --full\?/],
    ['a flag of another command', ['explain', 'x', '--enforce'], /unknown option '--enforce'/],
    ['a flag without its value', ['scan', '--policy'], /'--policy <dir>' argument missing/],
    ['a missing argument', ['explain'], /missing required argument 'id'/],
    ['a wrong id', ['request', 'show', 'nope'], /error: 'nope' is no <id>\. An id is 8 to 64/],
    ['too many arguments', ['scan', 'me'], /too many arguments/],
    ['a missing reason', ['restore', 'AKIAX'], /required option '--reason <text>'/],
    ['an empty reason', ['restore', 'AKIAX', '--reason', ' '], /Say why in a few words/],
    ['an unknown format', ['scan', '--format', 'xml'], /Allowed choices are table, json, csv/],
    ['csv where there is no list', ['approve', 'p', '--format', 'csv'], /Allowed choices are table, json/],
    ['no instant', ['scan', '--now', 'yesterday'], /Write it in UTC/],
    ['a day that does not exist', ['scan', '--now', '2026-02-30'], /Write it in UTC/],
    ['a time without a zone', ['scan', '--now', '2026-02-01T09:00:00'], /Write it in UTC/],
    ['a number for an instant', ['scan', '--now', '5'], /Write it in UTC/],
    ['no account id', ['sweep', '--expect-account', '123'], /twelve digits/],
    ['no port', ['embedded-aws', '--port', '70000'], /A port is 0 to 65535/],
    ['two targets', ['halt', '--all', '--rule', 'x', '--reason', 'y'], /cannot be used with/],
    ['no target', ['halt', '--reason', 'y'], /needs to know what: --all, --account ID or --rule ID hint/],
    [
      'no reason',
      ['halt', '--rule', 'x'],
      /needs to know why: --reason TEXT, which is recorded hint: For example: janitor halt --rule x --reason "incident 4711"/,
    ],
    ['neither', ['resume'], /needs to know what: .*, and why: /],
    ['enforcing unasked', ['sweep', '--enforce'], /Add --yes/],
  ])('%s', async (_name, argv, message) => {
    const { exit, out, err } = await janitor(argv);
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(err.replaceAll('\n', ' ')).toMatch(message);
  });

  test.each([
    [['scan', '--format', 'json', '--ful']],
    [['scan', '--format=json', '--ful']],
    [['sweep', '--enforce', '--format', 'json']],
  ])('%j: in JSON mode stderr is one object and nothing else', async (argv) => {
    const { exit, out, err } = await janitor(argv);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(JSON.parse(err)).toEqual({
      schemaVersion: 1,
      error: { code: expect.any(String), message: expect.any(String), hint: expect.any(String) },
    });
  });
});
