import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { ProgressBar } from '../../lib/cli/progress.ts';
import { errorDocument, errorText, failureOf } from '../../lib/cli/render/error.ts';
import { PLAIN } from '../../lib/cli/render/style.ts';
import { Session } from '../../lib/cli/session.ts';
import { widthOf } from '../../lib/cli/terminal.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { recordedTerminal } from '../builders/terminal.ts';
import { errorSchema } from './contract.ts';

describe('notes', () => {
  test.each([
    ['table in a script', 'table', false, 'said at once'],
    ['json on a terminal', 'json', true, 'said at once'],
    ['json in a script', 'json', false, 'held'],
  ] as const)('%s: %s', async (_name, format, tty, when) => {
    const terminal = recordedTerminal({ tty });
    const session = new Session(terminal, format, true);
    await session.note('a note');
    expect(terminal.err()).toBe(when === 'held' ? '' : 'a note\n');
    expect(session.heldNotes()).toEqual(when === 'held' ? ['a note'] : []);
    await session.flushNotes();
    expect(terminal.err()).toBe('a note\n');
    expect(terminal.out()).toBe('');
  });
});

test('the same note is said once, however often a command opens what it works at', async () => {
  const terminal = recordedTerminal({ tty: true });
  const session = new Session(terminal, 'table', true);
  await session.note('a note');
  await session.note('a note');
  expect(terminal.err()).toBe('a note\n');
});

describe('progress', () => {
  test('is drawn over itself on a terminal, and leaves nothing behind', async () => {
    const terminal = recordedTerminal({ tty: true });
    const bar = new ProgressBar(terminal.stderr, PLAIN);
    bar.show({ phase: 'judging', done: 100 });
    bar.show({ phase: 'acting', done: 5, total: 10 });
    await bar.clear();
    expect(terminal.err()).toMatch(/judging 100[\s\S]*█{12}░{12} acting 5 of 10/);
    expect(terminal.err().endsWith('\r\u001b[2K')).toBe(true);
    expect(terminal.out()).toBe('');
  });

  test('a script sees none of it', async () => {
    const terminal = recordedTerminal();
    const bar = new ProgressBar(terminal.stderr, PLAIN);
    bar.show({ phase: 'judging', done: 100 });
    await bar.clear();
    expect(terminal.err()).toBe('');
  });
});

describe('errors', () => {
  test.each([
    ['user', 2],
    ['policy', 5],
    ['access', 4],
    ['system', 1],
  ] as const)('source %s is exit %i', (source, exit) => {
    expect(failureOf(new JanitorError('x', { code: 'x', source })).exit).toBe(exit);
  });

  test('what is not ours is a defect that says how to report it, without a stack', () => {
    const failure = failureOf(new TypeError('undefined is not a function'));
    expect(failure).toMatchObject({ code: 'unexpected', exit: 1 });
    const text = errorText(failure, PLAIN, 80, false);
    expect(text).toContain('JANITOR_DEBUG=1');
    expect(text).not.toContain('session.test.ts');
    expect(errorText(failure, PLAIN, 80, true)).toContain('session.test.ts');
  });

  test('as JSON: the details stand beside code and message and never replace them', () => {
    const error = new JanitorError('the message', {
      code: 'the-code',
      source: 'system',
      details: { code: 'other', message: 'other', eventId: 'e1' },
    });
    const document = errorSchema.parse(JSON.parse(errorDocument(failureOf(error), ['said before'])));
    expect(document.error).toEqual({
      code: 'the-code',
      message: 'the message',
      eventId: 'e1',
      notes: ['said before'],
    });
  });

  test('a message from outside cannot move the cursor', () => {
    const text = errorText(
      failureOf(new JanitorError('a\u001b[2Jb', { code: 'x', source: 'user' })),
      PLAIN,
      80,
      false,
    );
    expect(text).toBe('error: ab\n');
  });

  test('usage errors keep their suggestion', () => {
    const failure = failureOf(
      new CommanderError(1, 'x', "error: unknown command 'scann'\n(Did you mean scan?)"),
    );
    expect(failure).toMatchObject({
      code: 'usage',
      exit: 2,
      message: "unknown command 'scann'",
      hint: 'Did you mean scan?',
    });
  });
});

test.each([
  [undefined, 100],
  [20, 60],
  [80, 80],
  [400, 160],
])('a terminal of %s columns is written to a width of %i', (columns, width) => {
  expect(widthOf({ columns, isTTY: true, write: async () => {} })).toBe(width);
});
