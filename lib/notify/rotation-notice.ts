import { ASKED_FOR } from '../domain/asked-for.ts';
import type { Instant } from '../domain/time.ts';
import { readable } from './digest-text.ts';
import type { Notice } from './notice.ts';
import { freeText, oneLine, shellArgument } from './plain-text.ts';

export interface RotationNoticeInput {
  readonly noticeId: string;
  readonly recipient: Notice['recipient'];
  readonly accountId: string;
  readonly accountName?: string;
  readonly now: Instant;
  /** Of the old key. */
  readonly credentialId: string;
  readonly userName: string;
  readonly oldKeyId: string;
  readonly newKeyId: string;
  /** ARN of the secret whose current value the new key is. */
  readonly secretId: string;
  /** The only principal that may read the secret; of one that the janitor made. */
  readonly reader?: string;
  readonly askedBy: string;
  readonly approvedBy: readonly string[];
}

/** Tells the owner of a key that somebody had rotated where the new one is and what to do with the old one. */
export function composeRotationNotice(input: RotationNoticeInput): Notice {
  const { noticeId, recipient, credentialId, userName } = input;
  const user = oneLine(userName, 64);
  return {
    id: noticeId,
    recipient,
    subject: oneLine(
      `[Credential Janitor] New access key of ${user} in AWS account ${accountLabel(input)}`,
      180,
    ),
    text: textOf(input, user),
    items: [{ credentialId, rule: ASKED_FOR }],
  };
}

function textOf(input: RotationNoticeInput, user: string): string {
  const { recipient, now, oldKeyId, newKeyId, secretId, reader, askedBy, approvedBy } = input;
  const region = secretId.split(':')[3] ?? '';
  const who =
    reader === undefined
      ? 'Whoever may read that secret gets the new key with the next read.'
      : `Only ${oneLine(reader, 200)} can read it.`;
  const lines = [
    `Hello ${oneLine(recipient.label, 100)},`,
    '',
    `The IAM user ${user} of AWS account ${accountLabel(input)}, which is yours or in your care, has a new access key since`,
    `${readable(now)}. ${freeText(askedBy)} asked for it${approval(approvedBy)}.`,
    '',
    `  new key  ${newKeyId}: tried, and it works`,
    `           in the secret ${oneLine(secretId, 300)}`,
    `           ${who}`,
    `  old key  ${oldKeyId}: still active, nothing breaks today`,
    '',
    'WHAT TO DO',
    '- Let everything that uses the old key read the new one from the secret, as this does:',
    `  aws secretsmanager get-secret-value --region ${shellArgument(region)} --secret-id ${shellArgument(secretId)} --query SecretString --output text`,
    '- Something that keeps the key in memory or in a file of its own needs a restart, or a change.',
    '- The old key is left alone while it is used. Once it has shown disuse, the rules for replaced keys disable and',
    '  then delete it, each after another message to you.',
    '- Still in use weeks from now? Then something has the old key from somewhere else: that is what to look for.',
    '',
    `This message is ${oneLine(input.noticeId, 200)}. Opening or answering it approves nothing.`,
  ];
  return `${lines.join('\n')}\n`;
}

function approval(approvedBy: readonly string[]): string {
  return approvedBy.length === 0
    ? ''
    : `, ${approvedBy.map((each) => freeText(each)).join(' and ')} approved it`;
}

function accountLabel({ accountId, accountName }: RotationNoticeInput): string {
  return accountName === undefined ? accountId : `${oneLine(accountName, 60)} (${accountId})`;
}
