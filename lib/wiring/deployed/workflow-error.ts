import type { JanitorError } from '../../domain/error.ts';

/** The error as the workflow knows it: its name is its code as the States Language writes names, `LeaseHeld`. */
export function workflowError(error: JanitorError): Error {
  return named(pascal(error.code), error.message, error);
}

export function named(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}

function pascal(code: string): string {
  return code.replaceAll(/(?:^|-)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}
