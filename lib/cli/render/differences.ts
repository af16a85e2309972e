import type { Difference } from '../../api/index.ts';
import type { Style } from './style.ts';
import { counted, printable, wrapped } from './text.ts';

/** What a version of the policy changes: what loosens first, since that is what an approver answers for. */
export function differencesText(differences: readonly Difference[], style: Style, width: number): string {
  if (differences.length === 0) return 'It changes nothing that matters to a credential.';
  const colour = { loosens: style.red, tightens: style.green, changes: style.yellow };
  return (['loosens', 'tightens', 'changes'] as const)
    .flatMap((effect) => {
      const of = differences.filter((each) => each.effect === effect);
      if (of.length === 0) return [];
      const lines = of.map(({ at, before, after, means }) =>
        wrapped(`${printable(at)}: ${shown(before)} -> ${shown(after)} (${means})`, width, '    '),
      );
      return [colour[effect](`  ${effect} (${counted(of.length, 'change')})`), ...lines];
    })
    .join('\n');
}

function shown(value: string): string {
  return value === '' ? 'nothing' : printable(value);
}
