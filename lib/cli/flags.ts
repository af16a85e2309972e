import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { parseInstant } from '../domain/time.ts';

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
export const clockFlags = { now: z.string().optional() };

/** What a command takes that records in the ledger as the caller that AWS authenticates. */
export const recordingFlags = { ...outputFlags, ...awsFlags, ...policyFlags, ...stateFlags, ...clockFlags };

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

export function withClock(command: Command): Command {
  const now = new Option('--now <instant>', 'judge as at this instant, for example 2026-01-31T09:00:00Z');
  return command.addOption(now.argParser(instantArgument));
}

/** The flags of a command that records. */
export function withRecording(command: Command, formats?: readonly Format[]): Command {
  return withClock(withState(withPolicy(withAws(withOutput(command, formats)))));
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** An instant as people write it: a date, or a date and time with a zone. */
export function instantArgument(text: string): string {
  const [, year, month, day] = ISO.exec(text) ?? [];
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = midnight.getUTCMonth() === Number(month) - 1 && midnight.getUTCDate() === Number(day);
  if (!exists || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('Write it in UTC, for example 2026-01-31T09:00:00Z or 2026-01-31.');
  }
  return parseInstant(text);
}

/** Twelve digits. */
export function accountArgument(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('An AWS account id has twelve digits.');
  return text;
}

/** A TCP port; 0 lets the system choose. */
export function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is 0 to 65535.');
  return port;
}

/** A reason somebody will read later. */
export function reasonArgument(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new InvalidArgumentError('Say why in a few words.');
  return reason;
}
