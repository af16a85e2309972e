import pc from 'picocolors';
import type { Output } from '../terminal.ts';

export type Style = ReturnType<typeof pc.createColors>;

/** Colours for an output: only on a terminal, and never with NO_COLOR, --no-color or a dumb terminal. */
export function styleFor(
  output: Pick<Output, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
  noColor: boolean,
): Style {
  const refused = noColor || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return pc.createColors(output.isTTY && !refused);
}

export const PLAIN: Style = pc.createColors(false);
