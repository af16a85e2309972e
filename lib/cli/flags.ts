import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { durationMs, durationSchema, type Instant, parseInstant, plus } from '../domain/time.ts';

export type Format = 'table' | 'json' | 'csv';

/** What every command takes. */
export const outputFlags = {
  format: z.enum(['table', 'json', 'csv']),
  color: z.boolean(),
};

/** What a command takes that calls AWS. */
export const awsFlags = { profile: z.string().optional(), region: z.string().optional() };
export const policyFlags = { policy: z.string().optional() };
export const stateFlags = { stateDir: z.string().optional() };
/** What a command takes that works on a deployed janitor, too; the stack is found with the caller's own rights. */
export const stackFlags = { stack: z.string().optional(), ...awsFlags };
export const clockFlags = { now: z.string().optional() };

/** What a command takes that records in the ledger as the caller that AWS authenticates. */
export const recordingFlags = {
  ...outputFlags,
  ...policyFlags,
  ...stateFlags,
  ...stackFlags,
  ...clockFlags,
};

/** What a command takes that asks a janitor: the local one, a deployed one, or one whose API has an address. */
export const deskFlags = { ...recordingFlags, api: z.string().optional() };

/** What a command takes that asks the broker, who is a deployed or a served janitor. */
export const brokerFlags = { ...outputFlags, ...stackFlags, api: z.string().optional() };

/** What a command takes that only reads the record. */
export const recordFlags = { ...outputFlags, ...stateFlags, ...stackFlags };

export function withOutput(command: Command, formats: readonly Format[] = ['table', 'json']): Command {
  const format = new Option('--format <format>', 'how to write the result').choices([...formats]);
  return command
    .addOption(format.default('table'))
    .option('--no-color', 'plain text, also with the environment variable NO_COLOR');
}

export function withAws(command: Command): Command {
  return command
    .option('--profile <name>', 'a profile of your AWS configuration')
    .option('--region <region>', 'the AWS Region to start from');
}

export function withPolicy(command: Command): Command {
  return command.option('--policy <dir>', 'folder with janitor.yaml and directory.yaml (default: ./policy)');
}

export function withState(command: Command): Command {
  return command.option('--state-dir <dir>', 'folder of the local ledger (default: .janitor)');
}

/** `--stack` alone, for commands that call AWS anyway. */
export function withStack(command: Command): Command {
  const stack = new Option('--stack <name>', 'work on the janitor deployed as this CloudFormation stack');
  return command.addOption(stack.argParser(stackArgument));
}

/** The flags of a command that only reads the record. */
export function withRecord(command: Command): Command {
  return withAws(withStack(withState(withOutput(command))));
}

export function withClock(command: Command): Command {
  const now = new Option('--now <instant>', 'judge as at this instant, for example 2026-01-31T09:00:00Z');
  return command.addOption(now.argParser(instantArgument));
}

/** The flags of a command that records. */
export function withRecording(command: Command, formats?: readonly Format[]): Command {
  return withClock(withStack(withState(withPolicy(withAws(withOutput(command, formats))))));
}

/** The flags of a command that asks a janitor. */
export function withDesk(command: Command, formats?: readonly Format[]): Command {
  return withApi(withRecording(command, formats));
}

/** The flags of a command that asks the broker, without how it writes. */
export function withBroker(command: Command): Command {
  return withApi(withStack(withAws(command)));
}

/** `--api` alone, for commands that read the record, too. */
export function withApi(command: Command): Command {
  return command.option(
    '--api <url>',
    'ask the janitor whose API is there; also JANITOR_API, as `serve` prints it',
  );
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** An instant as people write it: a date, or a date and time with a zone. */
export function instantArgument(text: string): string {
  const instant = instantOf(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError('Write it in UTC, for example 2026-01-31T09:00:00Z or 2026-01-31.');
}

function instantOf(text: string): Instant | undefined {
  const [, year, month, day] = ISO.exec(text) ?? [];
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = midnight.getUTCMonth() === Number(month) - 1 && midnight.getUTCDate() === Number(day);
  return exists && !Number.isNaN(Date.parse(text)) ? parseInstant(text) : undefined;
}

/** Twelve digits. */
export function accountArgument(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('An AWS account id has twelve digits.');
  return text;
}

/** Account ids with commas between, each once. */
export function accountsArgument(text: string): readonly string[] {
  return [...new Set(text.split(',').map((id) => accountArgument(id.trim())))];
}

/** The name of a CloudFormation stack. */
export function stackArgument(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(text)) return text;
  throw new InvalidArgumentError('A stack is named by letters, digits and hyphens, a letter first.');
}

/** The id of a run, which is the name of its execution. */
export function runArgument(text: string): string {
  if (/^[A-Za-z0-9_.-]{1,80}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'A run is named as sweep printed it, for example person-20260131T090000Z-1a2b3c4d.',
  );
}

/** A TCP port; 0 lets the system choose. */
export function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is 0 to 65535.');
  return port;
}

/** An end as people write it: for how long from now (`14d`, `12h`, `30m`), or an instant. Given back as it is meant. */
export function untilArgument(text: string): string {
  const typed = text.trim();
  if (durationSchema.safeParse(typed).success) return typed;
  const instant = instantOf(typed);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError('Write for how long, for example 14d or 12h, or until when: 2026-01-31.');
}

/** The instant that `untilArgument` means at an instant. */
export function instantOfUntil(until: string, now: Instant): Instant {
  return durationSchema.safeParse(until).success ? plus(now, durationMs(until)) : until;
}

/** Gathers what a flag that may be given several times was given. */
export function gathered(parse: (text: string) => string = (text) => text) {
  return (text: string, before: readonly string[] = []): readonly string[] => [...before, parse(text)];
}

/** `project=x`: a tag and its value. */
export function tagArgument(text: string): string {
  if (/^[^=]+=/.test(text)) return text;
  throw new InvalidArgumentError('Write a tag and its value with = between, for example project=x.');
}

/** A reason somebody will read later. */
export function reasonArgument(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new InvalidArgumentError('Say why in a few words.');
  return reason;
}
