import type { Desk } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { jsonDocument } from '../render/json-document.ts';
import { planDocument, planText } from '../render/plan.ts';
import type { Run, Wiring } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';

/** Records a decision about a frozen plan as the caller, and shows what was decided. */
export async function decidePlan(
  run: Run,
  session: Session,
  flags: Parameters<Wiring['openDesk']>[0],
  verb: 'approve' | 'reject',
  decision: (desk: Desk) => ReturnType<Desk['approve']>,
): Promise<ExitCode> {
  const { openDesk } = await run.wiring();
  const made = await decision(openDesk(flags, surroundings(session, verb)));
  const asJson = session.format === 'json';
  await session.print(
    asJson ? jsonDocument(planDocument(made)) : planText(made, session.style, session.width),
  );
  return EXIT.fine;
}
