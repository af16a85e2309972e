import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { HttpHandler } from '@smithy/core/protocols';
import type { AwsCredentialIdentity } from '@smithy/types';
import { createAwsClients } from '../../../lib/aws/index.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { EmbeddedAws } from '../../../lib/embedded-aws/index.ts';
import {
  type DelegationProof,
  type ProofStore,
  proveHop,
  requestCoreHash,
  type Verification,
  verifyDelegation,
} from '../../../lib/identity/index.ts';
import { callerDirectory, FORMER, HOME, PARTNER, STRANGER } from '../caller-directory.ts';

export const NOW = '2026-03-01T09:00:00.000Z';
export const API = 'janitor.eu-central-1/prod';
export const CORE = requestCoreHash({ id: 'request-1', kind: 'exception', days: 14 });
export const REGIONS = ['eu-central-1', 'us-east-1'];

/** Somebody who can sign. */
export interface Signer {
  readonly arn: string;
  readonly credentials: AwsCredentialIdentity;
}

export class MemoryProofStore implements ProofStore {
  readonly claimed = new Map<string, Instant>();

  async claim(proofId: string, until: Instant): Promise<boolean> {
    if (this.claimed.has(proofId)) return false;
    this.claimed.set(proofId, until);
    return true;
  }
}

/** An AWS that checks every signature, with a person, workloads, an agent and strangers who can sign. */
export async function openScene() {
  const aws = new EmbeddedAws({ now: NOW, verifySignatures: true });
  const user = (accountId: string, name: string, path = '/'): Signer => {
    const account = aws.account(accountId);
    const { arn } = account.addUser({ name, path });
    const { id: accessKeyId, secretAccessKey } = account.addAccessKey(name);
    return { arn, credentials: { accessKeyId, secretAccessKey } };
  };
  const session = async (accountId: string, name: string, path = '/'): Promise<Signer> => {
    const account = aws.account(accountId);
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' }],
    };
    const { arn } = account.addRole({ name, path, trust });
    const { sts } = await createAwsClients({
      region: 'eu-central-1',
      credentials: account.credentials(),
      requestHandler: () => aws.requestHandler(),
      retryDelays: 'none',
    });
    const answer = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'run-1' }));
    return {
      arn: answer.AssumedRoleUser?.Arn ?? '',
      credentials: {
        accessKeyId: answer.Credentials?.AccessKeyId ?? '',
        secretAccessKey: answer.Credentials?.SecretAccessKey ?? '',
        sessionToken: answer.Credentials?.SessionToken ?? '',
      },
    };
  };
  return {
    aws,
    /** A person of ours. */
    ana: user(HOME, 'ana', '/people/'),
    /** The same person at a registered party. */
    anaElsewhere: user(PARTNER, 'ana'),
    portal: await session(HOME, 'portal', '/apps/'),
    /** A registered agent. */
    planner: await session(HOME, 'planner'),
    /** The one who calls the API. */
    gateway: await session(HOME, 'gateway'),
    /** An IAM user of nobody. */
    deployer: user(HOME, 'deployer', '/ci/'),
    stranger: await session(STRANGER, 'integration'),
    former: await session(FORMER, 'integration'),
  };
}
export type Scene = Awaited<ReturnType<typeof openScene>>;

/** One proof of `signer` that `next` passes the request on; whatever the case needs to be different. */
export function prove(
  signer: Signer,
  next: string,
  overrides: Partial<Parameters<typeof proveHop>[0]> = {},
): Promise<DelegationProof> {
  return proveHop({
    credentials: signer.credentials,
    partition: 'aws',
    region: 'eu-central-1',
    api: API,
    core: CORE,
    next,
    now: NOW,
    ...overrides,
  });
}

/** Proofs of these signers in their order, each naming the next one, the last one naming `callerArn`. */
export async function chainOf(signers: readonly Signer[], callerArn: string): Promise<DelegationProof[]> {
  const proofs: DelegationProof[] = [];
  for (const [index, signer] of signers.entries()) {
    const previous = proofs.at(-1);
    const next = signers[index + 1]?.arn ?? callerArn;
    proofs.push(await prove(signer, next, previous === undefined ? {} : { previous }));
  }
  return proofs;
}

export interface Presentation {
  readonly delegation: unknown;
  readonly core?: string;
  readonly callerArn?: string;
  readonly api?: string;
  readonly regions?: readonly string[];
  readonly now?: Instant;
  readonly sts?: HttpHandler;
  readonly proofs?: ProofStore;
  readonly directory?: Parameters<typeof callerDirectory>[0];
}

/** As the API verifies what the gateway presents. */
export function present(scene: Scene, given: Presentation): Promise<Verification> {
  return verifyDelegation(
    {
      api: given.api ?? API,
      partition: 'aws',
      regions: given.regions ?? REGIONS,
      sts: given.sts ?? scene.aws.requestHandler(),
      proofs: given.proofs ?? new MemoryProofStore(),
      directory: callerDirectory(given.directory),
      clock: { now: () => given.now ?? NOW },
    },
    {
      delegation: given.delegation,
      core: given.core ?? CORE,
      callerArn: given.callerArn ?? scene.gateway.arn,
    },
  );
}
