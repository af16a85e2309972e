import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { HUB } from './organisation.ts';

/** What ana may take, in the same account. */
export const LENT_ROLE = 'look-after-users';

/** A policy that enforces rules and lends a role in one account, and people of the hub who answer for it. */
export async function writePolicy(folder: string, enforcedIn: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'directory.yaml'), stringify(directory(enforcedIn)));
  await writeFile(join(folder, 'janitor.yaml'), stringify(janitor(enforcedIn)));
}

function directory(member: string) {
  const person = (id: string) => ({
    id,
    mail: `${id}@example.com`,
    principals: [`arn:aws:iam::${HUB}:user/people/${id}`],
  });
  return {
    version: 1,
    people: [person('ana'), person('ben'), person('carla')],
    groups: {
      security: { members: ['ana', 'ben'], mail: 'security@example.com' },
      platform: { members: ['ana'], mail: 'platform@example.com' },
      lending: { members: ['ana', 'ben', 'carla'], mail: 'lending@example.com' },
    },
    externalParties: [],
    accounts: [
      { id: HUB, name: 'hub' },
      { id: member, name: 'member' },
    ],
    owners: { tags: ['owner'], default: 'platform' },
    emergencyIdentities: [],
  };
}

function janitor(member: string) {
  return {
    version: 1,
    mode: 'enforce',
    enforce: [
      {
        rules: ['access-key-unused', 'access-key-unlabelled', 'access-key-rotation-due'],
        accounts: [member],
      },
    ],
    limits: { perAccountPerDay: 10, perOrganisationPerDay: 100, percentOfKind: 100, atLeast: 1 },
    riskOwner: 'platform',
    approvals: {
      guarded: { group: 'security', quorum: 1 },
      critical: { group: 'security', quorum: 2 },
      policy: { group: 'security', quorum: 2 },
    },
    plans: { validFor: '7d' },
    restoreHold: '30d',
    evidence: { maxAge: '24h', lastUsedLag: '4h' },
    inventory: { fullReadEvery: '7d' },
    lifetime: { 'access-key': '90d', secret: '90d' },
    protect: [],
    breakGlass: {
      emergencyGroup: 'security',
      roles: [
        {
          name: LENT_ROLE,
          why: 'Users have to be looked after at night.',
          accounts: [member],
          // More than any grant may have: the boundary is the limit.
          permissions: { statements: [{ actions: ['iam:*'], resources: ['*'] }] },
          eligible: ['platform'],
          onCall: { people: ['ana'] },
          reviewers: 'lending',
        },
      ],
    },
    rules: [
      rule('access-key-unused', {
        why: 'A key nobody uses is one nobody misses when it leaks.',
        credential: 'access-key',
        match: { status: 'active', unusedFor: '45d' },
        steps: ['notify', { disable: { wait: '14d' } }],
      }),
      rule('access-key-unlabelled', {
        why: 'Whoever finds the user should see whose key it is and when it ends.',
        credential: 'access-key',
        match: { status: 'active', labelled: false },
        steps: ['tag'],
      }),
      rule('access-key-rotation-due', {
        why: 'A key in use is replaced, not cut off.',
        credential: 'access-key',
        match: {
          status: 'active',
          age: '90d',
          usedWithin: '45d',
          replaced: false,
          tags: { 'janitor:rotation': 'managed' },
        },
        steps: ['notify', { rotate: { wait: '7d' } }],
      }),
      rule('secret-unused', {
        why: 'A secret nobody reads is one nobody misses when it leaks.',
        credential: 'secret',
        match: { unusedFor: '90d' },
        steps: ['notify'],
      }),
    ],
  };
}

function rule(id: string, rest: Readonly<Record<string, unknown>>) {
  const reviewedOn = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  return { id, owner: 'platform', reviewedOn, reviewEvery: '400d', controls: ['NHI7:2025'], ...rest };
}
