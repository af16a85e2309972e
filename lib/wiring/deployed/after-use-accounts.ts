import type { AwsCredentialIdentity } from '@smithy/types';
import { createAwsClients, createEvidenceClients } from '../../aws/index.ts';
import type { AfterUseContext } from '../../break-glass/index.ts';
import { messageOf } from '../../domain/error.ts';
import type { GrantDesk } from '../break-glass/desk.ts';
import { enabledRegions } from '../break-glass/enabled-regions.ts';

type Accounts = Pick<AfterUseContext, 'openAccount' | 'regionsOf'>;

/** Enabled wherever nobody opted out, by partition: looked at where the list of enabled ones cannot be read. */
const FALLBACK: Readonly<Record<string, readonly string[]>> = {
  cn: ['cn-north-1', 'cn-northwest-1'],
  'us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};
const COMMERCIAL = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-1'];

/** Member accounts through the janitor's break-glass role there, opened once per process. */
export function afterUseAccounts(
  region: string,
  inMember: (accountId: string) => () => Promise<AwsCredentialIdentity>,
  report: GrantDesk['report'],
): Accounts {
  const opened = new Map<string, ReturnType<typeof open>>();
  const clientsOf = (accountId: string) => {
    const kept = opened.get(accountId) ?? open(region, inMember(accountId));
    opened.set(accountId, kept);
    kept.catch(() => opened.delete(accountId));
    return kept;
  };
  return {
    openAccount: async (accountId) => {
      const { aws, evidence } = await clientsOf(accountId);
      const { cloudTrail, ssm, pause } = evidence;
      return { cloudTrail, ssm, pause, iam: aws.iam, secretsManager: aws.secretsManager };
    },
    regionsOf: async (accountId) => {
      const { aws } = await clientsOf(accountId);
      try {
        return { regions: await enabledRegions(aws) };
      } catch (error) {
        report(`the Regions of ${accountId}`, error);
        return { regions: fallbackFor(region), unsure: messageOf(error) };
      }
    },
  };
}

/** Those of another partition know no credentials of this one. */
export function fallbackFor(region: string): readonly string[] {
  const partition = /^(cn|us-gov)-/.exec(region)?.[1] ?? '';
  return [...new Set([region, ...(FALLBACK[partition] ?? COMMERCIAL)])];
}

async function open(region: string, credentials: () => Promise<AwsCredentialIdentity>) {
  await credentials();
  const options = { region, credentials };
  return { aws: await createAwsClients(options), evidence: await createEvidenceClients(options) };
}
