import { realpathSync } from 'node:fs';
import { text as wholeText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WriteStream } from 'node:tty';
import { JanitorError } from '../domain/error.ts';
import { invocationOf } from './invocation.ts';
import { redacting, secretsIn } from './redaction.ts';
import type { Output, Question, Terminal } from './terminal.ts';

/** The terminal of the running process. With `process.env` here and in the wiring, nothing else reads the environment. */
export function processTerminal(): Terminal {
  const redact = redacting(secretsIn(process.env));
  return {
    stdout: streamOutput(process.stdout, redact),
    stderr: streamOutput(process.stderr, redact),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    program: [process.execPath, realpathSync(process.argv[1] ?? '.')],
    invocation: invocationOf(process.env, import.meta.url),
    confirm: confirmOnStderr,
    ask: askOnStderr,
    input: () => wholeText(process.stdin),
    handOver: streamOutput(process.stdout, (secret) => secret).write,
    pause: async (millis, signal) => {
      await sleep(millis, undefined, { signal }).catch(() => {});
    },
    interrupted,
    abort: (code) => process.exit(code),
  };
}

function streamOutput(stream: WriteStream, redact: (text: string) => string): Output {
  // Every write reports its own error; without a listener a reader that has gone would end the process with a stack.
  stream.on('error', () => {});
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : undefined;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(redact(text), (error) => (error == null ? resolve() : reject(unwritable(error))));
      }),
  };
}

/** A reader that has gone stays what it is (nobody is left to tell); everything else, such as a full disk, is told. */
function unwritable(error: Error): Error {
  if ('code' in error && error.code === 'EPIPE') return error;
  return new JanitorError(`the output could not be written: ${error.message}`, {
    code: 'output-unwritable',
    source: 'system',
    hint: 'Make room where the output goes, or send it elsewhere, and run the command again.',
    cause: error,
  });
}

async function confirmOnStderr(question: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: question, initialValue: false, output: process.stderr });
  return !isCancel(answer) && answer;
}

async function askOnStderr(question: Question): Promise<string | undefined> {
  const { isCancel, select, text } = await import('@clack/prompts');
  const { message, placeholder, options, wrong } = question;
  const output = process.stderr;
  const answer =
    options === undefined
      ? await text({
          message,
          output,
          ...(placeholder === undefined ? {} : { placeholder }),
          validate: (value) => wrong(value ?? ''),
        })
      : await select({ message, output, options: options.map((value) => ({ value, label: value })) });
  return isCancel(answer) ? undefined : answer;
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
