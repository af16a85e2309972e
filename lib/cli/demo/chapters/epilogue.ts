import path from 'node:path';
import { handleOfId } from '../../render/handle.ts';
import { renderTable } from '../../render/table.ts';
import type { Demo } from '../demo.ts';

/** Where the protagonists ended up, as a last scan reads it, and what to try next. */
export async function epilogue(demo: Demo): Promise<void> {
  const { narrator, session, stage } = demo;
  const { keys, secrets } = stage.company;
  await narrator.chapter(
    demo.day(54),
    'Where everybody ended up',
    'A last scan, and what became of the ones to remember:',
  );
  const statuses = await finalStatuses(demo);
  const row = (id: string, story: string) => {
    const { handle, place } = handleOfId(id);
    return { id: handle, cells: [statuses.get(id) ?? 'gone', place, story] };
  };
  await narrator.output(
    renderTable({
      columns: [
        { title: 'STATUS', size: 'fit' },
        { title: 'USER OR REGION', size: 'fit' },
        { title: 'STORY', size: 'flex' },
      ],
      idTitle: 'CREDENTIAL',
      rows: [
        row(keys.forgotten, 'forgotten build key: warned, disabled, deleted after a month'),
        row(keys.quarterly, 'disabled, then restored by its owner and left alone'),
        row(keys.revived, 'used again after the warning, so kept'),
        row(keys.shared, 'the shared key in daily use: never touched'),
        row(keys.sharedIdle, 'its idle twin on the same user: deleted'),
        row(keys.emergency, 'break-glass: protected, whatever its age'),
        row(secrets.forgotten, 'denied to readers, then deleted, recoverable for 30 days'),
        row(secrets.replicated, 'idle here but read in another Region, so in use'),
      ],
      width: session.width,
      title: session.style.dim,
    }),
  );
  await narrator.output(nextSteps(demo));
}

async function finalStatuses(demo: Demo): Promise<Map<string, string>> {
  const statuses = new Map<string, string>();
  await demo.wiring.scanAccount(await demo.janitor(), {
    full: true,
    onJudged: ({ credential: { id, facts } }) => {
      statuses.set(id, 'value' in facts.status ? facts.status.value : 'unknown');
    },
  });
  return statuses;
}

function nextSteps({ session, policies }: Demo): string {
  const here = path.relative(session.terminal.cwd, policies.enforcing);
  const policy = here.startsWith('..') ? policies.enforcing : here;
  return `${session.style.bold('What to try next')}
  Look at an account of your own; nothing is changed or recorded:
    npx janitor scan --profile <your profile>
  Play with this company yourself. In one terminal:
    npx janitor embedded-aws --scenario messy-company
  and, after pasting the exports it prints, in another:
    npx janitor policy activate --policy ${policy}
    npx janitor sweep --enforce --policy ${policy}
  See what it may do and must never do: README.md, docs/, policy/janitor.yaml`;
}
