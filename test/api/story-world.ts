import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { emptyFolder } from '../builders/command-line.ts';
import type { Signer } from './signed.ts';

export const START: Instant = '2026-03-02T08:00:00.000Z';
export const ACCOUNT = '111122223333';
const OUTSIDE = '777788889999';

/** Key ids with their secrets, so that everybody can sign. */
const PEOPLE = ['ana', 'ben', 'carla', 'dmitri', 'elena', 'mallory'] as const;
export type PersonName = (typeof PEOPLE)[number];

export function signerOf(name: PersonName | 'partner' | 'stranger'): Signer {
  return { accessKeyId: keyId(name), secretAccessKey: `secret-of-${name}` };
}

function keyId(name: string): string {
  return `AKIA${name.toUpperCase().padEnd(16, '7')}`;
}

const ago = (days: number): Instant => plus(START, -days * DAY_MS);

const person = (name: string) => ({
  name,
  path: '/people/',
  createdAt: ago(20),
  accessKeys: [
    { id: keyId(name), secretAccessKey: `secret-of-${name}`, createdAt: ago(20), lastUsed: { at: ago(0.1) } },
  ],
});

const unusedKey = (name: string) => ({
  name,
  path: '/ci/',
  tags: { owner: 'dmitri', project: 'x' },
  createdAt: ago(200),
  accessKeys: [{ id: keyId(name), createdAt: ago(200), lastUsed: { at: ago(100) } }],
});

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
};

/** Two unused keys of dmitri's, people who ask and decide, roles that programs run as, and two outside accounts. */
export const SEED = {
  now: START,
  accounts: [
    {
      id: ACCOUNT,
      users: [...PEOPLE.map(person), unusedKey('nightly'), unusedKey('exporter')],
      roles: ['portal', 'gateway', 'planner'].map((name) => ({ name, trust })),
    },
    { id: OUTSIDE, outside: true, users: [person('partner')] },
    { id: '999900001111', outside: true, users: [person('stranger')] },
  ],
};

export const keyOf = (user: 'nightly' | 'exporter'): string =>
  `arn:aws:iam::${ACCOUNT}:user/ci/${user}/access-key/${keyId(user)}`;

export const policyOf = (ticketUrl: string) => ({
  version: 1,
  mode: 'enforce',
  enforce: [{ rules: ['access-key-unused'], accounts: [ACCOUNT] }],
  limits: { perAccountPerDay: 10, perOrganisationPerDay: 10, percentOfKind: 100 },
  riskOwner: 'ana',
  approvals: {
    guarded: { group: 'security', quorum: 1 },
    critical: { group: 'security', quorum: 2 },
    policy: { group: 'security', quorum: 2 },
  },
  requests: {
    routine: { exception: '1d' },
    challenges: { group: 'security', decideWithin: '7d' },
    tickets: { pattern: 'OPS-\\d{1,6}', system: { url: `${ticketUrl}/tickets/{ticket}` } },
  },
  rules: [
    {
      id: 'access-key-unused',
      why: 'A key nobody uses is one nobody misses when it leaks.',
      owner: 'carla',
      reviewedOn: '2026-02-01',
      reviewEvery: '365d',
      credential: 'access-key',
      match: { status: 'active', unusedFor: '45d' },
      steps: ['notify', { disable: { wait: '14d' } }, { delete: { wait: '30d', tier: 'guarded' } }],
    },
  ],
});

export const DIRECTORY = {
  version: 1,
  people: ['ana', 'ben', 'carla', 'dmitri', 'elena'].map((id) => ({
    id,
    mail: `${id}@example.com`,
    principals: [`arn:aws:iam::${ACCOUNT}:user/people/${id}`],
  })),
  groups: { security: { members: ['ana', 'ben', 'carla'], mail: 'security@example.com' } },
  externalParties: [
    {
      id: 'globex',
      organisation: 'Globex Integration',
      contact: 'contact@globex.example',
      sponsor: 'elena',
      contractEnds: '2027-12-31',
      accounts: [OUTSIDE],
    },
  ],
  agents: [{ id: 'planner', principals: [`arn:aws:iam::${ACCOUNT}:role/planner`] }],
  owners: { tags: ['owner'], default: 'ana' },
};

/** A folder with the seed and the policy of the story. */
export function storyFolder(ticketUrl: string): {
  readonly cwd: string;
  readonly seed: string;
  readonly policy: string;
} {
  const cwd = emptyFolder();
  const seed = path.join(cwd, 'seed.json');
  writeFileSync(seed, JSON.stringify(SEED));
  const policy = path.join(cwd, 'policy');
  mkdirSync(policy);
  writeFileSync(path.join(policy, 'janitor.yaml'), JSON.stringify(policyOf(ticketUrl)));
  writeFileSync(path.join(policy, 'directory.yaml'), JSON.stringify(DIRECTORY));
  return { cwd, seed, policy };
}

/** A ticket system of one contract: every ticket is in the state it was last given. */
export class Tickets {
  state: 'open' | 'closed' = 'open';
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const ticket = request.url?.split('/').at(-1) ?? '';
    this.asked.push(ticket);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ticket, state: this.state }));
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
