import {
  accessKeyCredentialId,
  type Credential,
  consolePasswordId,
  type Facts,
  type Principal,
  rootAccessKeyId,
  serviceSpecificCredentialId,
  signingCertificateId,
} from '../../lib/domain/credential.ts';
import { type Fact, known } from '../../lib/domain/fact.ts';
import { DAY_MS, HOUR_MS, type Instant, plus } from '../../lib/domain/time.ts';

/** The instant tests judge at, unless they say otherwise. */
export const NOW: Instant = '2026-10-15T09:00:00.000Z';
/** What the sources of the builders speak of: one hour before NOW. */
export const AS_OF: Instant = plus(NOW, -HOUR_MS);
export const ACCOUNT = '111122223333';
export const REPORT = 'credential report';

/** An instant so many days before NOW (or another instant). */
export function daysAgo(days: number, from: Instant = NOW): Instant {
  return plus(from, -days * DAY_MS);
}

/** A known fact, read an hour before NOW from the credential report unless told otherwise. */
export function fact<T>(value: T, asOf: Instant = AS_OF, source = REPORT): Fact<T> {
  return known(value, asOf, source);
}

/** Overrides of a credential; `facts` are merged over the builder's, `omit` removes facts by name. */
export type CredentialOverrides = Partial<Omit<Credential, 'facts' | 'kind'>> & {
  readonly facts?: Partial<Facts>;
  readonly omit?: readonly (keyof Facts)[];
};

/** An IAM user as authorization details show it: `user/ci/deployer`. */
export function userPrincipal(overrides: Partial<Principal> = {}): Principal {
  const userName = overrides.userName ?? 'deployer';
  const path = overrides.path ?? '/ci/';
  return {
    arn: `arn:aws:iam::${ACCOUNT}:user${path}${userName}`,
    userName,
    userId: 'AIDAEXAMPLEDEPLOYER00',
    path,
    groups: [],
    ...overrides,
  };
}

/** An active key, 200 days old, last used yesterday. */
export function accessKey(overrides: CredentialOverrides = {}): Credential {
  const principal = overrides.principal ?? userPrincipal();
  const name = overrides.name ?? 'AKIAEXAMPLEDEPLOYER0';
  return credential('access-key', overrides, {
    id: accessKeyCredentialId(principal.arn, name),
    region: 'global',
    name,
    principal,
    facts: {
      status: fact('active'),
      createdAt: fact(daysAgo(200)),
      lastUsedAt: fact(daysAgo(1)),
      accessKeyId: fact(name, AS_OF, 'ListAccessKeys'),
      tags: fact({}, AS_OF, 'authorization details'),
    },
  });
}

/** A secret with rotation on, rotated ten days ago, read yesterday. */
export function secret(overrides: CredentialOverrides = {}): Credential {
  const region = overrides.region ?? 'eu-central-1';
  const name = overrides.name ?? 'prod/db';
  const listed = <T>(value: T): Fact<T> => fact(value, AS_OF, 'ListSecrets');
  return credential('secret', overrides, {
    id: `arn:aws:secretsmanager:${region}:${overrides.accountId ?? ACCOUNT}:secret:${name}-AbCdEf`,
    region,
    name,
    facts: {
      status: listed('active'),
      createdAt: listed(daysAgo(200)),
      lastUsedAt: listed(daysAgo(1)),
      tags: listed({}),
      lastChangedAt: listed(daysAgo(10)),
      lastRotatedAt: listed(daysAgo(10)),
      nextRotationAt: listed(daysAgo(-20)),
      rotationEnabled: listed(true),
      rotation: listed('ok'),
      owningService: listed(null),
      replicaRegions: listed([]),
      primaryRegion: listed(region),
    },
  });
}

/** An active root access key, 400 days old, used a month ago. */
export function rootAccessKey(overrides: CredentialOverrides = {}): Credential {
  const arn = `arn:aws:iam::${overrides.accountId ?? ACCOUNT}:root`;
  return credential('root-access-key', overrides, {
    id: rootAccessKeyId(arn, 1),
    region: 'global',
    name: '<root_account>/slot-1',
    principal: { arn, userName: '<root_account>', path: '/', groups: [] },
    facts: {
      status: fact('active'),
      createdAt: fact(daysAgo(400)),
      lastUsedAt: fact(daysAgo(30)),
      tags: fact({}),
    },
  });
}

/** A console password with MFA, used yesterday. */
export function consolePassword(overrides: CredentialOverrides = {}): Credential {
  const principal = overrides.principal ?? userPrincipal({ userName: 'ana', path: '/people/' });
  return credential('console-password', overrides, {
    id: consolePasswordId(principal.arn),
    region: 'global',
    name: principal.userName,
    principal,
    facts: {
      status: fact('active'),
      createdAt: fact(daysAgo(200)),
      lastUsedAt: fact(daysAgo(1)),
      lastChangedAt: fact(daysAgo(60)),
      mfaActive: fact(true),
      tags: fact({}, AS_OF, 'authorization details'),
    },
  });
}

/** An active signing certificate, 100 days old. */
export function signingCertificate(overrides: CredentialOverrides = {}): Credential {
  const principal = overrides.principal ?? userPrincipal();
  return credential('signing-certificate', overrides, {
    id: signingCertificateId(principal.arn, 1),
    region: 'global',
    name: `${principal.userName}/slot-1`,
    principal,
    facts: {
      status: fact('active'),
      createdAt: fact(daysAgo(100)),
      tags: fact({}, AS_OF, 'authorization details'),
    },
  });
}

/** An active service-specific credential that ends in thirty days. */
export function serviceSpecificCredential(overrides: CredentialOverrides = {}): Credential {
  const principal = overrides.principal ?? userPrincipal();
  const name = overrides.name ?? 'ACCAEXAMPLESERVICE00';
  const listed = <T>(value: T): Fact<T> => fact(value, AS_OF, 'ListServiceSpecificCredentials');
  return credential('service-specific-credential', overrides, {
    id: serviceSpecificCredentialId(principal.arn, name),
    region: 'global',
    name,
    principal,
    facts: {
      status: listed('active'),
      createdAt: listed(daysAgo(20)),
      expiresAt: listed(daysAgo(-30)),
      service: listed('bedrock.amazonaws.com'),
      tags: fact({}, AS_OF, 'authorization details'),
    },
  });
}

function credential(
  kind: Credential['kind'],
  overrides: CredentialOverrides,
  defaults: Omit<Credential, 'kind' | 'accountId'>,
): Credential {
  const { facts: changed, omit = [], ...rest } = overrides;
  const facts: Facts = { ...defaults.facts, ...changed };
  for (const name of omit) Reflect.deleteProperty(facts, name);
  return { accountId: ACCOUNT, ...defaults, ...rest, kind, facts };
}
