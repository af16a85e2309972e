import type { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { followRotation } from '../follow-rotation.ts';
import { orderedRotationDocument, orderedRotationText } from '../render/ordered-rotation.ts';
import type { Run } from '../run.ts';
import { credentialCommand } from './credential-command.ts';

const AFTER = `
The first call freezes a plan and changes nothing: it says where the new key goes and who can read it there. People
approve the plan; then the same command makes the new key, tries it, and puts it into that secret. The old key stays
active until it has shown disuse. Running the command again is always safe: it goes on where it stopped.
`;

export function rotateCommand(run: Run): Command {
  return credentialCommand(run, {
    name: 'rotate',
    description:
      'Replace an access key by a new one, in the secret that holds it or one that its reader can open.',
    id: 'the access key: its id, or the credential id',
    examples: [
      ['janitor rotate AKIAIOSFODNN7EXAMPLE --reason "older than 90 days"', 'first: freeze a plan'],
      ['janitor approve plan/111122223333/4', 'somebody else approves it'],
      ['janitor rotate AKIAIOSFODNN7EXAMPLE --reason "older than 90 days"', 'then: the same again rotates'],
    ],
    after: AFTER,
    body: async (errand, asked) => {
      const { session } = errand;
      const ordered = await followRotation(errand, asked);
      await session.show(orderedRotationDocument(ordered), () =>
        orderedRotationText(ordered, session.style, session.width),
      );
      return ordered.state === 'rejected' ? EXIT.refused : EXIT.fine;
    },
  });
}
