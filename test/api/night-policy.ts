import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { emptyFolder } from '../builders/command-line.ts';
import { ACCOUNT, DIRECTORY, policyOf, SEED, START } from './story-world.ts';

export const ROLE = 'orders-repair';
/** What the secret of the orders database holds, and what somebody puts into a new one. */
export const VALUES = ['the-value-nobody-may-write-down', 'another-value-nobody-may-write-down'] as const;

/** The company is in eu-central-1 and us-east-1; evidence is looked for wherever Regions are enabled. */
const DISABLED = [
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ca-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1'],
  ...['us-east-2', 'us-west-1', 'us-west-2'],
];

const [own, ...others] = SEED.accounts;
const seed = {
  ...SEED,
  accounts: [
    {
      ...own,
      disabledRegions: DISABLED,
      secrets: { 'eu-central-1': [{ name: 'orders/db', value: VALUES[0], tags: { owner: 'dmitri' } }] },
    },
    ...others,
  ],
};

const breakGlass = {
  emergencyGroup: 'security',
  roles: [
    {
      name: ROLE,
      why: 'The orders database has to be repaired at night.',
      accounts: [ACCOUNT],
      permissions: {
        statements: [
          {
            // The boundary forbids what the policy allows too much.
            actions: [
              'iam:CreateUser',
              'iam:ListUsers',
              'secretsmanager:CreateSecret',
              'secretsmanager:GetSecretValue',
            ],
            resources: ['*'],
          },
        ],
      },
      eligible: ['engineers'],
      onCall: { schedule: [{ person: 'dmitri', from: START, until: plus(START, 7 * DAY_MS) }] },
      reviewers: 'security',
      reviewWithin: '1d',
    },
  ],
};

const directory = {
  ...DIRECTORY,
  groups: { ...DIRECTORY.groups, engineers: { members: ['dmitri', 'elena'], mail: 'engineers@example.com' } },
  accounts: [{ id: ACCOUNT, name: 'orders', owner: 'elena' }],
};

/** A folder with a company that lends one role to its engineers on call. */
export function nightFolder(): { readonly cwd: string; readonly seed: string; readonly policy: string } {
  const cwd = emptyFolder();
  const files = { cwd, seed: path.join(cwd, 'seed.json'), policy: path.join(cwd, 'policy') };
  writeFileSync(files.seed, JSON.stringify(seed));
  mkdirSync(files.policy);
  const policy = { ...policyOf('https://tickets.example.com'), breakGlass };
  writeFileSync(path.join(files.policy, 'janitor.yaml'), JSON.stringify(policy));
  writeFileSync(path.join(files.policy, 'directory.yaml'), JSON.stringify(directory));
  return files;
}
