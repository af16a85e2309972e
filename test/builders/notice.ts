import type { DigestInput, DigestItem, Notice } from '../../lib/notify/index.ts';
import { ACCOUNT, NOW } from './credential.ts';

export const RECIPIENT = { id: 'ana', label: 'Ana Lima', mail: 'ana@example.com' };
export const NOTICE_ID = `notice/${ACCOUNT}/7`;

/** An access key found unused, with nothing announced. */
export function digestItem(overrides: Partial<DigestItem> = {}): DigestItem {
  const name = overrides.name ?? 'AKIAEXAMPLEDEPLOYER0';
  return {
    credentialId: `arn:aws:iam::${ACCOUNT}:user/ci/deployer/access-key/${name}`,
    kind: 'access-key',
    name,
    principalName: 'deployer',
    rule: 'access-key-unused',
    why: 'A key nobody uses is one nobody misses when it leaks.',
    reasons: ['Last used on 2026-07-01, 106 days ago (credential report of 2026-10-15).'],
    ...overrides,
  };
}

export function secretItem(overrides: Partial<DigestItem> = {}): DigestItem {
  const name = overrides.name ?? 'prod/db';
  const { principalName: _none, ...item } = digestItem({
    kind: 'secret',
    rule: 'secret-unused',
    ...overrides,
    name,
  });
  return { ...item, credentialId: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${name}-AbCdEf` };
}

export function digestInput(overrides: Partial<DigestInput> = {}): DigestInput {
  return {
    noticeId: NOTICE_ID,
    recipient: RECIPIENT,
    accountId: ACCOUNT,
    accountName: 'payments',
    now: NOW,
    items: [digestItem()],
    ...overrides,
  };
}

export function notice(overrides: Partial<Notice> = {}): Notice {
  return {
    id: NOTICE_ID,
    recipient: RECIPIENT,
    subject: '[Credential Janitor] AWS credentials in payments: 1 to look at',
    text: 'Hello Ana Lima,\n\nplease look.\n',
    items: [{ credentialId: digestItem().credentialId, rule: 'access-key-unused' }],
    ...overrides,
  };
}
