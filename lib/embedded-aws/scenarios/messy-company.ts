import { accessKeyCredentialId } from '../../domain/credential.ts';
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, plus } from '../../domain/time.ts';
import type { EmbeddedAccount, EmbeddedCredentials } from '../embedded-account.ts';
import type { EmbeddedAws } from '../embedded-aws.ts';
import { FEATURED, MACHINES, type Machine } from './machines.ts';
import { CAST, type Cast, STAFF, type StaffMember } from './staff.ts';
import { FEATURED_SECRETS, SECRETS, type SecretSketch } from './vault.ts';

export const MESSY_COMPANY_ACCOUNT = '111122223333';
/** The role the janitor runs as in this account. */
const JANITOR_ROLE = 'CredentialJanitor';

/** Who and what the story is about: credential ids, as every output prints them. */
export interface MessyCompany {
  readonly accountId: string;
  /** The role the janitor runs as. */
  readonly janitorRoleArn: string;
  /** The embedded clock when it was seeded; everything lies before it. */
  readonly start: Instant;
  /** Keys of three members of security, who may approve, and of an owner; all are persons of the directory. */
  readonly people: Readonly<Record<Cast, EmbeddedCredentials>>;
  readonly keys: Readonly<Record<keyof typeof FEATURED, string>> & {
    /** The idle key of the shared account; `shared` is the one in daily use. */
    readonly sharedIdle: string;
  };
  readonly secrets: Readonly<Record<keyof typeof FEATURED_SECRETS, string>>;
  /** What was in use when it was seeded, and would go on being used. */
  readonly busy: readonly InUse[];
  /** Every secret value in this world: none of them may ever turn up in an output, log, ledger or manifest. */
  readonly plantedValues: readonly string[];
}

export type InUse =
  | { readonly kind: 'access-key'; readonly accessKeyId: string }
  | { readonly kind: 'secret'; readonly region: string; readonly name: string };

/** What was used so recently is in use. */
const IN_USE_DAYS = 26;

interface Seeding {
  readonly busy: InUse[];
  readonly account: EmbeddedAccount;
  readonly start: Instant;
  readonly keyIds: Map<string, string[]>;
  readonly people: Map<string, EmbeddedCredentials>;
  readonly secretArns: Map<string, string>;
  readonly values: string[];
}

/**
 * Larkspur Logistics: some hundred credentials of an account that grew for seven years. People, CI users, vendors, a
 * shared account, break-glass users, forgotten secrets. Everything is dated back from the embedded clock.
 */
export function seedMessyCompany(aws: EmbeddedAws): MessyCompany {
  const account = aws.account(MESSY_COMPANY_ACCOUNT);
  const start = aws.clock.now().toISOString();
  const seeding: Seeding = {
    account,
    start,
    keyIds: new Map(),
    people: new Map(),
    secretArns: new Map(),
    values: [],
    busy: [],
  };
  account.alias = 'larkspur-logistics';
  account.setRoot({
    mfa: true,
    createdAt: ago(seeding, 2600),
    passwordLastUsed: ago(seeding, 210),
    keys: [{ active: true, createdAt: ago(seeding, 2400), lastUsed: { at: ago(seeding, 512) } }],
  });
  account.addRole({
    name: JANITOR_ROLE,
    description: 'Reads, tags, disables and deletes credentials.',
    createdAt: ago(seeding, 15),
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${MESSY_COMPANY_ACCOUNT}:root` },
          Action: 'sts:AssumeRole',
        },
      ],
    },
  });
  for (const member of STAFF) seedStaff(seeding, member);
  for (const machine of MACHINES) seedMachine(seeding, machine);
  seedBedrockKeys(seeding);
  for (const sketch of SECRETS) seedSecretSketch(seeding, sketch);
  return storyOf(seeding);
}

/** So many days before the start, at a time of day that differs from credential to credential. */
function ago({ start }: Pick<Seeding, 'start'>, days: number): Instant {
  const withinDay = days === 0 ? 25 : (days * 97) % 720;
  return plus(start, -days * DAY_MS - withinDay * MINUTE_MS);
}

function seedStaff(seeding: Seeding, member: StaffMember): void {
  const { account } = seeding;
  const oldest = Math.max(180, ...(member.keys ?? []).map((key) => key.age)) + 30;
  account.addUser({
    name: member.name,
    path: '/people/',
    tags: { team: member.team },
    groups: [member.team],
    createdAt: ago(seeding, oldest),
    mfa: member.mfa,
    ...(member.passwordUsed === 'none'
      ? {}
      : {
          password: {
            createdAt: ago(seeding, oldest),
            lastChanged: ago(seeding, oldest),
            ...(member.passwordUsed === 'never' ? {} : { lastUsed: ago(seeding, member.passwordUsed) }),
          },
        }),
  });
  for (const key of member.keys ?? []) addKey(seeding, member.name, key);
}

function seedMachine(seeding: Seeding, machine: Machine): void {
  seeding.account.addUser({
    name: machine.name,
    path: machine.path,
    tags: { ...machine.tags, ...(machine.owner === undefined ? {} : { owner: machine.owner }) },
    createdAt: ago(seeding, Math.max(...machine.keys.map((key) => key.age))),
  });
  for (const key of machine.keys) addKey(seeding, machine.name, key);
}

function addKey(seeding: Seeding, userName: string, key: Machine['keys'][number]): void {
  const { account } = seeding;
  const { id, secretAccessKey } = account.addAccessKey(userName, {
    createdAt: ago(seeding, key.age),
    ...(key.inactive === true ? { status: 'Inactive' } : {}),
    ...(key.used === 'never'
      ? {}
      : { lastUsed: { at: ago(seeding, key.used), service: key.service ?? 's3', region: 'eu-central-1' } }),
  });
  if (typeof key.used === 'number' && key.used < IN_USE_DAYS)
    seeding.busy.push({ kind: 'access-key', accessKeyId: id });
  seeding.values.push(secretAccessKey);
  seeding.keyIds.set(userName, [...(seeding.keyIds.get(userName) ?? []), id]);
  if (!seeding.people.has(userName)) seeding.people.set(userName, { accessKeyId: id, secretAccessKey });
}

/** Long-term keys of services that hand out their own: one without an end. */
function seedBedrockKeys(seeding: Seeding): void {
  const { account, start } = seeding;
  account.addServiceSpecificCredential('farid', {
    serviceName: 'bedrock.amazonaws.com',
    createdAt: ago(seeding, 40),
    expiresAt: plus(start, 50 * DAY_MS),
  });
  account.addServiceSpecificCredential('kira', {
    serviceName: 'bedrock.amazonaws.com',
    createdAt: ago(seeding, 96),
  });
  account.addServiceSpecificCredential('nightly-dump', {
    serviceName: 'codecommit.amazonaws.com',
    createdAt: ago(seeding, 1200),
  });
}

function seedSecretSketch(seeding: Seeding, sketch: SecretSketch): void {
  const { account } = seeding;
  const region = sketch.region ?? 'eu-central-1';
  const value = `planted-value-of-${sketch.name.replaceAll('/', '-')}-Qm7x`;
  seeding.values.push(value);
  const arn = account.addSecret(region, {
    name: sketch.name,
    value,
    createdAt: ago(seeding, sketch.age),
    lastChangedAt: ago(seeding, Math.min(sketch.age, sketch.rotated ?? sketch.age)),
    ...(sketch.owner === undefined ? {} : { tags: { owner: sketch.owner } }),
    ...(sketch.used === 'never' ? {} : { lastAccessedAt: ago(seeding, sketch.used) }),
    ...(sketch.rotated === undefined ? {} : rotationOf(seeding, region, sketch.rotated, sketch.every ?? 180)),
    ...(sketch.replica === undefined
      ? {}
      : { replicas: [{ region: sketch.replica, lastAccessedAt: ago(seeding, 1) }] }),
  });
  seeding.secretArns.set(sketch.name, arn);
  const { name, used, replica } = sketch;
  if (typeof used === 'number' && used < IN_USE_DAYS) seeding.busy.push({ kind: 'secret', region, name });
  if (replica !== undefined) seeding.busy.push({ kind: 'secret', region: replica, name });
}

/** Life goes on: everything that was in use is used again, an hour before the embedded clock's now. */
export function useWhatIsInUse(aws: EmbeddedAws, company: MessyCompany): void {
  const account = aws.account(company.accountId);
  const at = plus(aws.clock.now().toISOString(), -HOUR_MS);
  for (const each of company.busy) {
    if (each.kind === 'access-key') account.recordUse(each.accessKeyId, { at, region: 'eu-central-1' });
    else account.accessSecret(each.region, each.name, at);
  }
}

function rotationOf(seeding: Seeding, region: string, rotated: number, every: number) {
  const lambdaArn = `arn:aws:lambda:${region}:${MESSY_COMPANY_ACCOUNT}:function:rotate-secret`;
  const lastRotatedAt = ago(seeding, rotated);
  return {
    rotation: { enabled: true, lambdaArn, rules: { AutomaticallyAfterDays: every } },
    lastRotatedAt,
    nextRotationAt: plus(lastRotatedAt, every * DAY_MS + 12 * HOUR_MS),
  };
}

function storyOf(seeding: Seeding): MessyCompany {
  const key = (name: keyof typeof FEATURED, slot = 0) => {
    const machine = MACHINES.find((candidate) => candidate.name === FEATURED[name]);
    const id = seeding.keyIds.get(FEATURED[name])?.[slot] ?? '';
    const arn = `arn:aws:iam::${MESSY_COMPANY_ACCOUNT}:user${machine?.path ?? '/'}${FEATURED[name]}`;
    return accessKeyCredentialId(arn, id);
  };
  const secret = (name: keyof typeof FEATURED_SECRETS) =>
    seeding.secretArns.get(FEATURED_SECRETS[name]) ?? '';
  const person = (name: Cast) => seeding.people.get(name) ?? { accessKeyId: '', secretAccessKey: '' };
  const [ana, ben, carla, dmitri] = CAST;
  return {
    accountId: MESSY_COMPANY_ACCOUNT,
    janitorRoleArn: `arn:aws:iam::${MESSY_COMPANY_ACCOUNT}:role/${JANITOR_ROLE}`,
    start: seeding.start,
    people: { ana: person(ana), ben: person(ben), carla: person(carla), dmitri: person(dmitri) },
    keys: {
      forgotten: key('forgotten'),
      quarterly: key('quarterly'),
      neverUsed: key('neverUsed'),
      shared: key('shared', 0),
      sharedIdle: key('shared', 1),
      emergency: key('emergency'),
      formerVendor: key('formerVendor'),
      busy: key('busy'),
      crowded: key('crowded'),
      revived: key('revived'),
    },
    secrets: {
      forgotten: secret('forgotten'),
      orphan: secret('orphan'),
      replicated: secret('replicated'),
    },
    busy: seeding.busy,
    plantedValues: seeding.values,
  };
}
