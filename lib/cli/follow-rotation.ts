import { JanitorError } from '../domain/error.ts';
import { type Answer, atDesk, type Errand } from './at-desk.ts';
import { ProgressBar } from './progress.ts';
import { handleOfId } from './render/handle.ts';
import type { Session } from './session.ts';

type Ordered = Answer<'rotate'>;
export type Settled = Exclude<Ordered, { state: 'carrying-out' }>;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** So many looks take about five minutes: a rotation that takes longer is in trouble. */
const LOOKS = 26;

/**
 * Asks for a rotation, and again until it is done: asking again is always safe. Throws `rotation-not-followed` when that
 * takes too long or somebody stops following; it goes on by itself.
 */
export async function followRotation(
  errand: Errand,
  order: { readonly id: string; readonly reason: string },
): Promise<Settled> {
  return atDesk(errand, async ({ credentialId: whole, service }) => {
    const credentialId = await whole(order.id);
    const rotate = () => service.rotate({ credentialId, reason: order.reason });
    const ordered = await rotate();
    if (ordered.state !== 'carrying-out') return ordered;
    const { session } = errand;
    await session.note('Approved: it is carried out now. Ctrl-C stops following, not the rotation.');
    return followed(session, credentialId, rotate);
  });
}

/** From here on Ctrl-C ends the following alone. */
async function followed(
  { terminal, asideStyle }: Session,
  credentialId: string,
  rotate: () => Promise<Ordered>,
): Promise<Settled> {
  const progress = new ProgressBar(terminal.stderr, asideStyle);
  const stop = new AbortController();
  void terminal.interrupted().then(() => stop.abort());
  let wait = FIRST_PAUSE_MS;
  try {
    for (let look = 1; look <= LOOKS; look += 1) {
      progress.show({ phase: 'rotating, looks', done: look });
      await terminal.pause(wait, stop.signal);
      if (stop.signal.aborted) break;
      const ordered = await rotate();
      if (ordered.state !== 'carrying-out') return ordered;
      wait = Math.min(LONGEST_PAUSE_MS, wait * 1.5);
    }
    throw goesOn(credentialId, stop.signal.aborted);
  } finally {
    await progress.clear();
  }
}

function goesOn(credentialId: string, stopped: boolean): JanitorError {
  const { handle } = handleOfId(credentialId);
  const why = stopped ? 'following it was stopped' : 'it has not ended within some five minutes';
  return new JanitorError(`the rotation of ${handle} goes on; ${why}`, {
    code: 'rotation-not-followed',
    source: 'system',
    hint: `The same command follows it again; "janitor explain ${handle}" says where it stands.`,
    details: { credentialId },
  });
}
