import { EXIT, type ExitCode } from '../exit-code.ts';
import { jsonDocument } from '../render/json-document.ts';
import { planDocument, planText } from '../render/plan.ts';
import type { Run, Wiring } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';

type RecordingContext = Parameters<Wiring['approvePlan']>[0];
type PlanDecision = Awaited<ReturnType<Wiring['approvePlan']>>;

/** Records a decision about a frozen plan as the caller, and shows what was decided. */
export async function decidePlan(
  run: Run,
  session: Session,
  flags: Parameters<Wiring['openRecording']>[0],
  verb: string,
  decision: (wiring: Wiring, context: RecordingContext) => Promise<PlanDecision>,
): Promise<ExitCode> {
  const wiring = await run.wiring();
  const opened = await wiring.openRecording(flags, surroundings(session, verb));
  try {
    const made = await decision(wiring, opened.context);
    const asJson = session.format === 'json';
    await session.print(
      asJson ? jsonDocument(planDocument(made)) : planText(made, session.style, session.width),
    );
    return EXIT.fine;
  } finally {
    await opened.close();
  }
}
