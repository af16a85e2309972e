import { type Chronicle, type Delivered, type Invariant, isJanitor, type SweepRun } from '../chronicle.ts';

/**
 * I6: repeating or resuming a sweep converges. A sweep that follows another with nothing in between changes nothing in
 * AWS, appends nothing but its lease and its own sweep event, and writes to nobody. A notice id never has two texts, and
 * nobody is told the same thing twice without a reason on the credential's chain.
 */
export const convergence: Invariant = (chronicle) => [
  ...restless(chronicle),
  ...chronicle.outbox
    .filter((letter) => letter.altered)
    .map((letter) => `I6: ${letter.notice.id} was handed in with another text`),
  ...repeated(chronicle),
];

function restless(chronicle: Chronicle): string[] {
  return chronicle.sweeps.flatMap((second, index) => {
    const first = chronicle.sweeps[index - 1];
    if (second.tick <= chronicle.checkedTo || first === undefined || !isRepetition(first, second)) return [];
    if (cameToLight(chronicle, first, second)) return [];
    const during = <T extends { readonly tick: number }>(records: readonly T[]) =>
      records.filter(({ tick }) => tick > second.since && tick < second.tick);
    const changes = during(chronicle.changes).filter((change) => isJanitor(change.process));
    const events = during(chronicle.writes).filter(({ event }) => !/^(lease|sweep)#/.test(event.subject));
    const letters = during(chronicle.outbox);
    return [
      ...changes.map(({ record }) => `${record.operation} ${record.target}`),
      ...events.map(({ event }) => `${event.type} on ${event.subject}`),
      ...letters.map(({ notice }) => `${notice.id} to ${notice.recipient.id}`),
    ].map(
      (what) => `I6: the repeated sweep of ${second.accountId} at #${second.since} was not quiet: ${what}`,
    );
  });
}

function isRepetition(first: SweepRun, second: SweepRun): boolean {
  return (
    first.tick + 1 === second.since &&
    first.at === second.startedAt &&
    first.undisturbed &&
    second.undisturbed &&
    first.outcome === 'finished' &&
    first.loose === 0 &&
    first.accountId === second.accountId &&
    first.policyHash === second.policyHash &&
    first.enforce === second.enforce
  );
}

/**
 * Something that happened before and that AWS showed only after the first sweep had begun: at once or as late as its
 * delay, because not every change takes the whole of it.
 */
function cameToLight(chronicle: Chronicle, first: SweepRun, second: SweepRun): boolean {
  const isNews = (from: number, until: number) =>
    until > Date.parse(first.startedAt) && from <= Date.parse(second.at);
  const isShown = ({ at }: { readonly at: string }) =>
    isNews(Date.parse(at), Date.parse(at) + chronicle.consistencyDelayMs);
  return (
    chronicle.uses.some(({ visibleAt }) => isNews(Date.parse(visibleAt), Date.parse(visibleAt))) ||
    chronicle.ownerActs.some(isShown) ||
    chronicle.changes.some((change) => change.sentTick < first.since && isShown(change))
  );
}

/** What makes telling somebody again right: what was told does not count any more, or the story began anew. */
const FRESH_START = /^(owner\.notice-bounced|finding\.closed|finding\.opened|quarantine\.ended|step\.done)$/;

function repeated(chronicle: Chronicle): string[] {
  return chronicle.outbox.flatMap((letter, index) =>
    letter.tick <= chronicle.checkedTo
      ? []
      : letter.notice.items.flatMap((item) => {
          const before = chronicle.outbox
            .slice(0, index)
            .findLast(
              (other) => other.notice.recipient.id === letter.notice.recipient.id && says(other, item),
            );
          if (before === undefined || hasReason(chronicle, item, before.tick, letter.tick)) return [];
          return [
            `I6: ${letter.notice.id} tells ${letter.notice.recipient.id} what ${before.notice.id} told: ${item.credentialId}`,
          ];
        }),
  );
}

type Item = Delivered['notice']['items'][number];

function says(letter: Delivered, item: Item): boolean {
  return letter.notice.items.some(
    (other) =>
      other.credentialId === item.credentialId &&
      other.rule === item.rule &&
      other.announces?.step === item.announces?.step,
  );
}

function hasReason(chronicle: Chronicle, item: Item, from: number, to: number): boolean {
  return chronicle.writes.some(
    ({ tick, event }) =>
      tick > from &&
      tick < to &&
      event.subject === `credential#${item.credentialId}` &&
      FRESH_START.test(event.type),
  );
}
