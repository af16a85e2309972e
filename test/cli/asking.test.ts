import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyFolder } from '../builders/command-line.ts';
import { errorSchema } from './contract.ts';
import { fakeDesk } from './fake-desk.ts';
import { answers, HASH, request } from './service-answers.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const KEY_ID = `arn:aws:iam::111122223333:user/ci/deployer/access-key/${KEY}`;
const ID = request.requestId;
const SAID = [
  '--reason',
  'quarter end',
  '--reason-kind',
  'business-need',
  '--ticket',
  'OPS-7',
  '--until',
  '14d',
];
const errorOf = (err: string) => errorSchema.parse(JSON.parse(err)).error;
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('request create: the exact request of each kind', () => {
  test.each([
    ['restore', ['--credential', KEY], { kind: 'restore', credentialId: KEY_ID }],
    ['rotate-now', ['--credential', KEY_ID], { kind: 'rotate-now', credentialId: KEY_ID }],
    ['extension', ['--exception', ID], { kind: 'extension', exceptionId: ID }],
    [
      'approve-plan',
      ['--plan', 'plan/111122223333/4'],
      { kind: 'approve-plan', planId: 'plan/111122223333/4', planHash: HASH },
    ],
    [
      'exception',
      ['--credential', KEY, '--rule', 'a', '--rule', 'b', '--while', 'owner', '--while', 'tag:team=x=y'],
      {
        kind: 'exception',
        scope: { credentialId: KEY_ID, rules: ['a', 'b'] },
        while: { tag: { team: 'x=y' }, owner: 'same' },
      },
    ],
  ])('%s', async (kind, flags, ask) => {
    const { janitor, calls } = fakeDesk();
    const { exit } = await janitor(['request', 'create', '--kind', kind, ...flags, ...SAID]);
    expect(exit).toBe(0);
    const submitted = calls.find(({ operation }) => operation === 'submitRequest');
    expect(submitted?.parameters).toEqual([
      {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        request: {
          ask,
          reason: 'quarter end',
          reasonKind: 'business-need',
          ticket: 'OPS-7',
          businessOwner: 'ana',
          endsAt: '2026-03-16T08:00:00.000Z',
        },
      },
    ]);
  });

  test('policy-override names the rule as the newest sweep judged by it', async () => {
    const findings = [{ rule: 'access-key-unused', ruleHash: HASH }];
    const { janitor, calls } = fakeDesk({ explain: { kind: 'credential', verdict: { findings } } });
    const flags = ['--credential', KEY, '--rule', 'access-key-unused', '--step', 'delete'];
    expect((await janitor(['request', 'create', '--kind', 'policy-override', ...flags, ...SAID])).exit).toBe(
      0,
    );
    expect(calls.at(-1)?.parameters).toMatchObject([
      { request: { ask: { kind: 'policy-override', ruleHash: HASH, step: 'delete', credentialId: KEY_ID } } },
    ]);
    const other = ['--credential', KEY, '--rule', 'another', '--step', 'delete', '--format', 'json'];
    const { exit, err } = await janitor([
      'request',
      'create',
      '--kind',
      'policy-override',
      ...other,
      ...SAID,
    ]);
    expect([exit, errorOf(err)]).toMatchObject([
      2,
      { code: 'finding-not-found', hint: 'It found: access-key-unused.' },
    ]);
  });

  test('the same request id, an instant and other people are sent as they are typed', async () => {
    const { janitor, calls } = fakeDesk();
    const flags = ['--request-id', 'quarter-end-1', '--for', 'carla', '--business-owner', 'ben'];
    const argv = ['request', 'create', '--kind', 'restore', '--credential', KEY, ...SAID, ...flags];
    await janitor([...argv, '--until', '2026-03-31']);
    expect(calls.at(-1)?.parameters).toMatchObject([
      {
        requestId: 'quarter-end-1',
        request: { beneficiary: 'carla', businessOwner: 'ben', endsAt: '2026-03-31T00:00:00.000Z' },
      },
    ]);
  });

  test('a program has no default for who answers for the need: exit 2', async () => {
    const actor = { kind: 'workload', arn: 'arn:aws:iam::111122223333:role/agent' };
    const { janitor } = fakeDesk({ whoAmI: { ...answers.whoAmI, actor } });
    const argv = ['request', 'create', '--kind', 'restore', '--credential', KEY, ...SAID, '--format', 'json'];
    const { exit, err } = await janitor(argv);
    expect([exit, errorOf(err)]).toMatchObject([2, { code: 'usage', missing: ['--business-owner'] }]);
  });
});

describe('what is missing', () => {
  test.each([
    ['request create', ['--kind']],
    ['request create --kind restore', ['--credential']],
    ['request create --kind exception --credential x', ['--rule', '--while']],
    ['request create --kind policy-override', ['--credential', '--rule', '--step']],
    ['request create --kind restore --credential x --ticket T-1', ['--reason-kind', '--reason', '--until']],
    ['exception request', ['--credential', '--rule', '--while']],
    [`exception renew ${ID} --reason x`, ['--reason-kind', '--ticket', '--until']],
    [`exception revoke ${ID}`, ['--reason']],
    ['challenge open', ['--credential', '--rule', '--step', '--reason']],
    [`challenge open --exception ${ID}`, ['--reason']],
    ['challenge decide 5f0c2b7d9e1a4c3f8b6d7e9f0a1b2c3d --reason x', ['--uphold']],
    [`reject ${ID}`, ['--reason']],
  ])('in a script "%s" is a usage error that names %j, and nothing is asked', async (line, missing) => {
    const { janitor, opened } = fakeDesk();
    const { exit, out, err } = await janitor([...line.split(' '), '--format', 'json']);
    const error = errorOf(err);
    expect([exit, out, error.code, error.missing]).toEqual([2, '', 'usage', missing]);
    for (const flag of missing) expect(error.hint).toContain(flag);
    expect(opened).toEqual([]);
  });

  test.each([
    ['restore --rule a', 'restore does not take --rule', 'It takes --credential.'],
    ['rotate-now --plan plan/1/1 --step disable', 'does not take --step, --plan', 'It takes --credential.'],
    ['extension --while ticket', 'does not take --while', 'It takes --exception.'],
    ['policy-override --rule a --rule b', 'is of one rule', 'Give --rule once'],
  ])('what a kind does not take is not dropped without a word: --kind %s', async (line, message, hint) => {
    const { janitor, opened } = fakeDesk();
    const argv = ['request', 'create', '--kind', ...line.split(' '), ...SAID, '--format', 'json'];
    const { exit, err } = await janitor(argv);
    const error = errorOf(err);
    expect([exit, error.code, opened]).toEqual([2, 'usage', []]);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  test('a person is asked for it', async () => {
    const { janitor, calls } = fakeDesk();
    const typed = {
      'What do you ask for': 'exception',
      'Which credential': KEY,
      'Which rule': 'access-key-unused',
      'What must stay true': 'tag:project=x',
      'What kind of reason': 'migration',
      'Why?': ' moves in March ',
      'Which ticket': 'OPS-1',
      'Until when': '30d',
    };
    const { exit, terminal } = await janitor(['request', 'create'], { tty: true, typed });
    expect([exit, terminal.asked]).toEqual([
      0,
      Object.keys(typed).map((words) => expect.stringContaining(words)),
    ]);
    expect(calls.at(-1)?.parameters).toMatchObject([
      {
        request: {
          ask: {
            kind: 'exception',
            scope: { credentialId: KEY_ID, rules: ['access-key-unused'] },
            while: { tag: { project: 'x' } },
          },
          reason: 'moves in March',
          endsAt: '2026-04-01T08:00:00.000Z',
        },
      },
    ]);
  });

  test('who cancels a question has asked for nothing: exit 2', async () => {
    const { janitor, calls } = fakeDesk();
    const { exit, err } = await janitor(['request', 'create'], { tty: true });
    expect([exit, calls]).toEqual([2, []]);
    expect(err).toContain('nothing was done');
  });

  test.each([
    ['--until soon', /for how long, for example 14d or 12h, or until when: 2026-01-31/],
    ['--until 14', /for how long, for example 14d or 12h, or until when: 2026-01-31/],
    ['--ticket no;ticket', /reference of a ticket/],
    ['--while never', /ticket, owner, or tag:<key>=<value>/],
    ['--while tag:x', /a tag and its value with =/],
    ['--reason-kind whim', /Allowed choices are/],
    ['--request-id x', /8 to 64 letters/],
    ['--print --delegation f', /cannot be used with option/],
    ['--from f --kind restore', /cannot be used with option/],
  ])('%s is refused as it is typed: exit 2', async (flags, why) => {
    const { janitor, opened } = fakeDesk();
    const { exit, err } = await janitor(['request', 'create', ...flags.split(' ')]);
    expect([exit, opened]).toEqual([2, []]);
    expect(oneLine(err)).toMatch(why);
  });
});

describe('what is printed to be handed on', () => {
  test('--print sends nothing; --from sends exactly that, with the proofs', async () => {
    const { janitor, calls } = fakeDesk();
    const argv = ['request', 'create', '--kind', 'restore', '--credential', KEY, ...SAID, '--print'];
    const printed = await janitor(argv);
    expect(calls.map(({ operation }) => operation)).toEqual(['whoAmI']);
    const cwd = emptyFolder();
    writeFileSync(path.join(cwd, 'request.json'), printed.out);
    const proofs = [{ version: 1, url: 'https://sts.example', headers: {} }];
    const options = { cwd, input: JSON.stringify(proofs) };
    const sent = await janitor(['request', 'create', '--from', 'request.json', '--delegation', '-'], options);
    expect(sent.exit).toBe(0);
    expect(calls.at(-1)?.parameters).toEqual([{ ...JSON.parse(printed.out), delegation: proofs }]);
  });

  test.each([
    ['nothing.json', undefined],
    ['no.json', 'not json'],
    ['other.json', '{"requestId":"x","secret":"quoted?"}'],
  ])('%s cannot be sent: exit 2, and nothing of it is quoted', async (file, content) => {
    const cwd = emptyFolder();
    if (content !== undefined) writeFileSync(path.join(cwd, file), content);
    const { janitor, opened } = fakeDesk();
    const { exit, err } = await janitor(['request', 'create', '--from', file, '--format', 'json'], { cwd });
    expect([exit, errorOf(err).code, opened]).toEqual([2, 'document-unreadable', []]);
    expect(err).not.toContain('quoted?');
  });
});
