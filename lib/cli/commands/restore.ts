import type { Command } from 'commander';
import { type Answer, atDesk } from '../at-desk.ts';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import type { Style } from '../render/style.ts';
import { printable, shortInstant, wrapped } from '../render/text.ts';
import type { Run } from '../run.ts';
import { credentialCommand } from './credential-command.ts';

export function restoreCommand(run: Run): Command {
  return credentialCommand(run, {
    name: 'restore',
    description: 'Undo what the janitor did to a credential, and leave it alone for a while.',
    id: 'the credential, or a bare access key id',
    examples: [
      ['janitor restore AKIAIOSFODNN7EXAMPLE --reason "runs once a quarter"', 'enable the key again'],
    ],
    body: async (errand, { id, reason }) => {
      const { session } = errand;
      const { credentialId, restored } = await atDesk(errand, async ({ credentialId: whole, service }) => {
        const credentialId = await whole(id);
        return { credentialId, restored: await service.restore({ credentialId, reason }) };
      });
      await session.show({ credentialId, ...restored }, () =>
        restoredText(credentialId, restored, session.style, session.width),
      );
      return exitCodeOf(restored.changes.some((change) => change.outcome === 'failed') && EXIT.failed);
    },
  });
}

const DONE: Readonly<Record<string, string>> = {
  enable: 'Enabled again',
  undelete: 'Recovered from deletion',
};

type Restored = Pick<Answer<'restore'>, 'holdUntil'> & {
  readonly changes: readonly Answer<'restore'>['changes'][number][];
  readonly left: readonly Answer<'restore'>['left'][number][];
};

export function restoredText(credentialId: string, restored: Restored, style: Style, width: number): string {
  const changes = restored.changes.map(({ change, outcome, reason }) => {
    const what = DONE[change] ?? change;
    if (outcome === 'done') return style.green(what);
    return style.red(wrapped(`${what}: ${outcome}. ${printable(reason)}`, width));
  });
  const left = restored.left.map(({ reason }) => wrapped(`Left as it is: ${printable(reason)}`, width));
  const hold = `The janitor leaves it alone until ${shortInstant(restored.holdUntil)}.`;
  return [style.bold(credentialId), ...changes, ...left, hold].join('\n');
}
