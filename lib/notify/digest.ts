import { type Instant, isBefore } from '../domain/time.ts';
import { type DigestGroup, type DigestItem, groupItems, type Prospect } from './digest-entry.ts';
import { fullEntry, HEADINGS, readable, shortEntry } from './digest-text.ts';
import type { Notice } from './notice.ts';
import { oneLine } from './plain-text.ts';

export interface DigestInput {
  readonly noticeId: string;
  readonly recipient: Notice['recipient'];
  readonly accountId: string;
  readonly accountName?: string;
  readonly now: Instant;
  readonly items: readonly DigestItem[];
  /** Whom to ask, as people write it; default: whoever runs the janitor. */
  readonly contact?: string;
}

/** Credentials shown with all evidence; those after them get one line each. */
const SHOWN_IN_FULL = 20;
/** Credentials named at all; the digest says how many more there are, and its `items` leave them out. */
const NAMED = 500;
const LONGEST_SUBJECT = 180;

/**
 * One digest for one owner: what was found and on what evidence, what happens when, how to keep or get back a
 * credential, most urgent first. Deterministic, so that it can be composed again.
 */
export function composeDigest(input: DigestInput): Notice {
  const groups = named(groupItems(input.items));
  const shown = new Set(groups.flatMap((group) => group.entries.map((entry) => entry.credentialId)));
  const items = input.items.filter((item) => shown.has(item.credentialId));
  return {
    id: input.noticeId,
    recipient: input.recipient,
    subject: subjectOf(input, groups),
    text: textOf(input, groups, shown.size),
    items: items.map(({ credentialId, rule, announces }) => ({
      credentialId,
      rule,
      ...(announces === undefined ? {} : { announces }),
    })),
  };
}

function named(groups: readonly DigestGroup[]): DigestGroup[] {
  let room = NAMED;
  return groups.flatMap((group) => {
    const entries = group.entries.slice(0, room);
    room -= entries.length;
    return entries.length === 0 ? [] : [{ ...group, entries }];
  });
}

function accountLabel({ accountId, accountName }: DigestInput): string {
  return accountName === undefined ? accountId : `${oneLine(accountName, 60)} (${accountId})`;
}

const TOLD: Readonly<Record<Prospect, string>> = {
  delete: 'to be deleted',
  disable: 'to be disabled',
  rotate: 'to be rotated',
  deleted: 'deleted',
  disabled: 'disabled',
  look: 'to look at',
};

function subjectOf(input: DigestInput, groups: readonly DigestGroup[]): string {
  const parts = groups.map(({ prospect, entries }) => {
    const deadline = entries[0]?.deadline;
    const from = deadline === undefined || prospect === 'deleted' ? '' : ` from ${deadline.slice(0, 10)}`;
    return `${entries.length} ${TOLD[prospect]}${from}`;
  });
  const subject = `AWS credentials in ${accountLabel(input)}: ${parts.join(', ')}`;
  return oneLine(`[Credential Janitor] ${subject}`, LONGEST_SUBJECT);
}

function textOf(input: DigestInput, groups: readonly DigestGroup[], shown: number): string {
  const all = new Set(input.items.map((item) => item.credentialId)).size;
  const [is, them] = all === 1 ? ['1 credential is', 'it'] : [`${all} credentials are`, 'them'];
  const lines = [
    `Hello ${oneLine(input.recipient.label, 100)},`,
    '',
    `Credential Janitor looked at AWS account ${accountLabel(input)} on ${readable(input.now)}. As far as its tags,`,
    `names and directory tell, ${is} yours or in your care, and its rules have something to say about ${them}.`,
    '',
    ...groupLines(groups, input.now),
    ...(all > shown
      ? [`And ${all - shown} more: they follow in another message; janitor scan lists them all.`, '']
      : []),
    ...closing(input),
  ];
  return `${lines.join('\n')}\n`;
}

function groupLines(groups: readonly DigestGroup[], now: Instant): string[] {
  let number = 0;
  return groups.flatMap(({ prospect, entries }) => {
    const lines = [`${HEADINGS[prospect]} (${entries.length})`, ''];
    for (const entry of entries) {
      number += 1;
      if (number <= SHOWN_IN_FULL) lines.push(...fullEntry(entry, number, now));
      else lines.push(shortEntry(entry, number, now));
    }
    return lines.at(-1) === '' ? lines : [...lines, ''];
  });
}

function closing({ noticeId, items, now, contact }: DigestInput): string[] {
  const ask = oneLine(contact ?? 'the people who run Credential Janitor', 200);
  const threatened = items.some(
    ({ announces }) =>
      announces !== undefined && announces.step !== 'rotate' && isBefore(now, announces.notBefore),
  );
  return [
    'IF YOU STILL NEED ONE OF THEM',
    '- Used too rarely? Use it. AWS shows a use hours later (for a secret, the next day), so do not wait for the last day.',
    '- Disabled already? The command beside it gives it back as it was.',
    `- Not yours, or there is a reason to keep it? Tell ${ask}: it can be held back, and somebody else found.`,
    ...(threatened ? ['- Not needed? Delete it yourself, or do nothing.'] : []),
    '',
    `This message is ${noticeId}. Opening or answering it approves nothing.`,
  ];
}
