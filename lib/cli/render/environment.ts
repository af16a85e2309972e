import type { Style } from './style.ts';

type Exports = Readonly<Record<string, string>>;

/** An environment to paste, and those of people to put before a command. */
export function environmentText(
  { exports, people }: { readonly exports: Exports; readonly people: readonly Person[] },
  style: Style,
): string {
  const lines = [
    style.dim('# Paste this into another terminal:'),
    'unset AWS_PROFILE AWS_SESSION_TOKEN',
    ...Object.entries(exports).map(([name, value]) => `export ${name}=${value}`),
  ];
  for (const { name, exports: own } of people) {
    const words = Object.entries(own).map(([key, value]) => `${key}=${value}`);
    lines.push('', style.dim(`# To be ${name}, put this before a command:`), words.join(' '));
  }
  return lines.join('\n');
}

interface Person {
  readonly name: string;
  readonly exports: Exports;
}
