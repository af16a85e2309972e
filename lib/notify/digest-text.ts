import type { CredentialKind } from '../domain/credential.ts';
import { elapsed, humanDuration, type Instant } from '../domain/time.ts';
import type { DigestEntry, DigestItem, Prospect } from './digest-entry.ts';
import { freeText, oneLine, shellArgument } from './plain-text.ts';

const KIND_LABELS: Readonly<Record<CredentialKind, string>> = {
  'access-key': 'Access key',
  secret: 'Secret',
  'root-access-key': 'Root access key',
  'console-password': 'Console password',
  'signing-certificate': 'Signing certificate',
  'service-specific-credential': 'Service-specific credential',
};

export const HEADINGS: Readonly<Record<Prospect, string>> = {
  delete: 'WILL BE DELETED',
  disable: 'WILL BE DISABLED',
  rotate: 'WILL BE ROTATED',
  deleted: 'WERE DELETED, AND CAN STILL COME BACK',
  disabled: 'ARE DISABLED',
  look: 'PLEASE LOOK AT',
};

/** `2026-10-29 09:00 UTC` */
export function readable(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** `Access key AKIA... of user deployer` */
export function credentialTitle({ kind, name, principalName }: DigestItem): string {
  const holder =
    principalName === undefined || principalName === name ? '' : ` of user ${oneLine(principalName)}`;
  return `${KIND_LABELS[kind]} ${oneLine(name)}${holder}`;
}

/** A credential with its evidence, what happens when, and the commands. */
export function fullEntry(entry: DigestEntry, number: number, now: Instant): string[] {
  const { first, items } = entry;
  return [
    `${number}. ${credentialTitle(first)}`,
    ...indented([
      `Id: ${oneLine(entry.credentialId, 4_096)}`,
      ...partyLine(first),
      ...items.flatMap((item) => findingLines(item, now)),
      ...keepLines(entry),
      `More: janitor explain ${shellArgument(entry.credentialId)}`,
    ]),
    '',
  ];
}

/** The same in one line, where a digest speaks of many. */
export function shortEntry(
  { first, credentialId, items }: DigestEntry,
  number: number,
  now: Instant,
): string {
  const rules = items.map((item) => item.rule).join(', ');
  const next = nextLine(first, now) ?? stateLine(first);
  const what = next === undefined ? '' : ` ${next}.`;
  return `${number}. ${credentialTitle(first)} (${rules}).${what} ${oneLine(credentialId, 4_096)}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `   ${line}`);
}

function partyLine({ outsideParty }: DigestItem): string[] {
  return outsideParty === undefined ? [] : [`Used by the outside party: ${oneLine(outsideParty)}`];
}

function findingLines(item: DigestItem, now: Instant): string[] {
  const next = nextLine(item, now);
  const state = stateLine(item);
  return [
    `Found by rule ${oneLine(item.rule)}:`,
    ...item.reasons.map((reason) => `  - ${freeText(reason)}`),
    ...(item.why === '' ? [] : [`Why it matters: ${freeText(item.why)}`]),
    ...(state === undefined ? [] : [`So far: ${state}`]),
    ...(next === undefined ? [] : [`Next: ${next}`]),
  ];
}

function nextLine({ announces, kind }: DigestItem, now: Instant): string | undefined {
  if (announces === undefined) return undefined;
  const away = elapsed(now, announces.notBefore);
  const when = `not before ${readable(announces.notBefore)} (${away > 0 ? `in ${humanDuration(away)}` : 'due now'})`;
  if (announces.step === 'disable') return `it is disabled, ${when}; that can be undone`;
  if (announces.step === 'rotate')
    return `it is rotated, ${when}; ${AFTER_ROTATION[kind === 'secret' ? 'secret' : 'key']}`;
  if (announces.step !== 'delete')
    return `it is ${announces.step === 'tag' ? 'tagged' : 'reported'}, ${when}`;
  return kind === 'secret'
    ? `it is deleted, ${when}; it can be brought back for 30 days after that`
    : `it is deleted, ${when}; that cannot be undone`;
}

/** What its consumers have to know. */
const AFTER_ROTATION = {
  secret: 'whoever reads it then gets the new value',
  key: 'the secret that holds it gets a new key, and this one stays in force until nobody uses it any more',
} as const;

function stateLine({ lastDone, restorableUntil }: DigestItem): string | undefined {
  if (lastDone === undefined) return undefined;
  const until =
    restorableUntil === undefined ? '' : `; it can be brought back until ${readable(restorableUntil)}`;
  const done = {
    delete: 'deleted',
    disable: 'disabled',
    tag: 'tagged',
    rotate: 'rotation begun',
    notify: 'reported',
  }[lastDone.step];
  return `${done} on ${readable(lastDone.at)}${until}`;
}

function keepLines({ items, first, credentialId }: DigestEntry): string[] {
  const restore = `janitor restore ${shellArgument(credentialId)}`;
  const undone = items.some(({ lastDone }) => lastDone?.step === 'disable' || lastDone?.step === 'delete');
  if (undone) return [`To get it back: ${restore}`];
  const wouldHelp = items.some((item) => item.restsOnDisuse === true);
  const use = wouldHelp ? ['To keep it: use it before then; a credential in use is not unused'] : [];
  const isTaken = first.announces !== undefined && first.announces.step !== 'rotate';
  return !isTaken ? use : [...use, `Once disabled, to get it back: ${restore}`];
}
