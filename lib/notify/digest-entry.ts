import type { CredentialKind } from '../domain/credential.ts';
import type { StepKind } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';

/** One finding of one credential, as its owner is told. */
export interface DigestItem {
  readonly credentialId: string;
  readonly kind: CredentialKind;
  readonly name: string;
  readonly principalName?: string;
  readonly rule: string;
  /** Why the rule exists. */
  readonly why: string;
  /** The evidence. */
  readonly reasons: readonly string[];
  readonly announces?: { readonly step: StepKind; readonly notBefore: Instant };
  readonly lastDone?: { readonly step: StepKind; readonly at: Instant };
  /** Until when what was deleted can be brought back. */
  readonly restorableUntil?: Instant;
  /** Using the credential would end the finding. */
  readonly restsOnDisuse?: boolean;
  readonly outsideParty?: string;
}

/** What an owner has to expect of a credential. */
export type Prospect = 'delete' | 'disable' | 'rotate' | 'deleted' | 'disabled' | 'look';

/** All that is said of one credential; its most urgent finding first. */
export interface DigestEntry {
  readonly credentialId: string;
  readonly first: DigestItem;
  readonly items: readonly DigestItem[];
  readonly prospect: Prospect;
  /** When time runs out: the earliest announced step, or the end of the recovery window. */
  readonly deadline: Instant | undefined;
}

export interface DigestGroup {
  readonly prospect: Prospect;
  readonly entries: readonly DigestEntry[];
}

/** After every real deadline, in the order of instants as text. */
const NEVER = '9999';

export function prospectOf({ announces, lastDone }: DigestItem): Prospect {
  if (announces?.step === 'delete') return 'delete';
  if (announces?.step === 'disable') return 'disable';
  if (announces?.step === 'rotate') return 'rotate';
  if (lastDone?.step === 'delete') return 'deleted';
  return lastDone?.step === 'disable' ? 'disabled' : 'look';
}

function deadlineOf({ announces, restorableUntil }: DigestItem): Instant | undefined {
  return announces?.notBefore ?? restorableUntil;
}

/** One group per prospect and one entry per credential, most urgent first at every level. */
export function groupItems(items: readonly DigestItem[]): DigestGroup[] {
  const groups = Map.groupBy(entriesOf(items), (entry) => entry.prospect);
  const order: readonly Prospect[] = ['delete', 'disable', 'rotate', 'deleted', 'disabled', 'look'];
  return [...groups]
    .map(([prospect, entries]) => ({ prospect, entries: entries.toSorted(byUrgency) }))
    .sort(
      (a, b) =>
        compare(a.entries[0]?.deadline, b.entries[0]?.deadline) ||
        order.indexOf(a.prospect) - order.indexOf(b.prospect),
    );
}

function entriesOf(items: readonly DigestItem[]): DigestEntry[] {
  return [...Map.groupBy(items, (item) => item.credentialId)].flatMap(([credentialId, ofCredential]) => {
    const sorted = ofCredential.toSorted((a, b) => compare(deadlineOf(a), deadlineOf(b)));
    const [first] = sorted;
    if (first === undefined) return [];
    return [{ credentialId, first, items: sorted, prospect: prospectOf(first), deadline: deadlineOf(first) }];
  });
}

function byUrgency(a: DigestEntry, b: DigestEntry): number {
  return compare(a.deadline, b.deadline) || (a.credentialId < b.credentialId ? -1 : 1);
}

function compare(a: Instant | undefined, b: Instant | undefined): number {
  return (a ?? NEVER).localeCompare(b ?? NEVER);
}
