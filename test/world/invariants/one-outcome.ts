import { freshWrites, type Invariant } from '../chronicle.ts';

/** After one of these nothing more is decided on a chain. */
export const ENDS: readonly string[] = [
  'request.denied',
  'request.rejected',
  'request.withdrawn',
  'request.lapsed',
  'request.done',
  'request.failed',
  'exception.expired',
  'exception.revoked',
  'exception.renewed',
  'challenge.upheld',
  'challenge.dismissed',
  'challenge.undecided',
];

/** Approve, reject, withdraw and lapse at once: exactly one outcome a chain, and nothing is decided after it. */
export const oneEnd: Invariant = (chronicle) => {
  const ended = new Map<string, string>();
  const wrong: string[] = [];
  for (const { tick, event } of chronicle.writes) {
    const before = ended.get(event.subject);
    const isAnswer = ENDS.includes(event.type) || /^request\.(approved|executing)$/.test(event.type);
    if (before !== undefined && isAnswer && tick > chronicle.checkedTo)
      wrong.push(`one outcome: ${event.subject} is ${before} and then ${event.type}`);
    if (ENDS.includes(event.type)) ended.set(event.subject, event.type);
  }
  return wrong.concat(
    freshWrites(chronicle).flatMap(({ event }) =>
      /^(request\.(submitted|denied)|exception\.proposed|challenge\.opened)$/.test(event.type) &&
      event.seq !== 1
        ? [`one outcome: ${event.subject} begins again`]
        : [],
    ),
  );
};
