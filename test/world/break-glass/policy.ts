import { MAIN, SIDE } from '../places.ts';

/** Break-glass roles of every version of the world's policy, as the file says it. */
export const BREAK_GLASS = {
  emergencyGroup: 'emergency',
  shortestReason: 10,
  roles: [
    {
      name: 'database-admin',
      why: 'Databases are mended by whoever is at hand.',
      accounts: [MAIN, SIDE],
      permissions: { managedPolicies: [], statements: [{ actions: ['iam:ListUsers'], resources: ['*'] }] },
      eligible: ['on-call'],
      longest: '1h',
      tier: 'routine',
      reviewers: 'reviewers',
      reviewWithin: '2d',
    },
    {
      name: 'network-admin',
      why: 'Networks are mended by whoever is on call.',
      accounts: [MAIN],
      permissions: { managedPolicies: [], statements: [{ actions: ['iam:ListUsers'], resources: ['*'] }] },
      eligible: ['on-call'],
      onCall: { http: { url: 'https://on-call.example.com/now' } },
      longest: '30m',
      tier: 'routine',
      reviewers: 'reviewers',
      reviewWithin: '1d',
    },
    {
      name: 'payments-admin',
      why: 'Payments are mended by two.',
      accounts: [MAIN],
      permissions: { managedPolicies: [], statements: [{ actions: ['iam:ListUsers'], resources: ['*'] }] },
      eligible: ['on-call'],
      longest: '1h',
      tier: 'guarded',
      reviewers: 'reviewers',
      reviewWithin: '2d',
    },
  ],
} as const;

/** Groups of the directory that the roles name. alice is on call, approves and reviews: never what she used herself. */
export const NIGHT_GROUPS = {
  'on-call': { members: ['alice', 'dave', 'erin'], mail: 'on-call@example.com' },
  reviewers: { members: ['alice', 'bob', 'carol'], mail: 'reviewers@example.com' },
  emergency: { members: ['carol'], mail: 'emergency@example.com' },
} as const;

export const ROLE_NAMES = ['database-admin', 'network-admin', 'payments-admin'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];
