import type { BreakGlassPlace } from '../../lib/domain/break-glass-boundary.ts';

/** An account of an organisation, and its hub. */
export const PLACE: BreakGlassPlace = {
  partition: 'aws',
  accountId: '111122223333',
  hubAccount: '999988887777',
  prefix: 'credential-janitor',
  stackName: 'CredentialJanitor',
  organizationId: 'o-exampleorgid',
  ownSecrets: ['arn:aws:secretsmanager:eu-central-1:999988887777:secret:janitor/ticket-token-AbCdEf'],
};
