import type { LedgerEvent } from '../../domain/event.ts';
import type { Instant } from '../../domain/time.ts';
import {
  ASKED,
  type AskedKind,
  type AskedRecords,
  type AskedReference,
  type AskedStates,
  subjectOfAsked,
} from '../asked/asked-kind.ts';
import { ASKED_LINES } from './asked-line.ts';
import type { ExplainDependencies, Related } from './explanation.ts';

/** A chain about what people ask for, as far as it was recorded up to an instant. */
export interface AskedChain<K extends AskedKind> {
  readonly kind: K;
  readonly id: string;
  readonly events: readonly LedgerEvent[];
  readonly intact: boolean;
  /** Absent when nothing was recorded by then, or nothing that begins such a chain. */
  readonly found?: { readonly record: AskedRecords[K]; readonly state: AskedStates[K] };
}

export async function readAsked<K extends AskedKind>(
  { ledger }: Pick<ExplainDependencies, 'ledger'>,
  kind: K,
  id: string,
  at: Instant,
): Promise<AskedChain<K>> {
  const { events, broken } = await ledger.inspect(subjectOfAsked({ kind, id }));
  const until = events.filter((event) => event.at <= at);
  const record = ASKED[kind].fold(until);
  const chain = { kind, id, events: until, intact: broken === undefined };
  return record === undefined
    ? chain
    : { ...chain, found: { record, state: ASKED[kind].stateAt(record, at) } };
}

/** The newest of what is related is shown; more tells nobody anything. */
const SHOWN = 50;

/** What was recorded under these references up to an instant, in one line each. */
export async function relatedOf(
  dependencies: Pick<ExplainDependencies, 'ledger'>,
  references: readonly AskedReference[],
  at: Instant,
): Promise<{ readonly related: readonly Related[]; readonly notes: readonly string[] }> {
  const unique = [...new Map(references.map((each) => [subjectOfAsked(each), each])).values()];
  const chains = await Promise.all(
    unique.slice(-SHOWN).map(({ kind, id }) => readAsked(dependencies, kind, id, at)),
  );
  const related = chains.flatMap((chain): Related[] => {
    const text = lineOf(chain);
    return text === undefined ? [] : [{ subject: subjectOfAsked(chain), text }];
  });
  const broken = chains.filter(({ intact }) => !intact);
  const omitted = unique.length - SHOWN;
  const notes = [
    ...broken.map(
      (chain) => `The chain of ${subjectOfAsked(chain)} is broken. Run \`janitor ledger verify\`.`,
    ),
    ...(omitted > 0 ? [`${omitted} older ones that were asked are not shown.`] : []),
  ];
  return { related, notes };
}

function lineOf<K extends AskedKind>({ kind, found }: AskedChain<K>): string | undefined {
  return found === undefined ? undefined : ASKED_LINES[kind](found.record, found.state);
}

/** Several chains as one story; of one instant in the order of the chains. */
export function merged(chains: readonly { readonly events: readonly LedgerEvent[] }[]): LedgerEvent[] {
  const compare = (a: LedgerEvent, b: LedgerEvent) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1);
  return chains.flatMap(({ events }) => events).sort(compare);
}
