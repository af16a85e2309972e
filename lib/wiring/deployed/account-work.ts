import type { AwsClients } from '../../aws/index.ts';
import type { NoticeDelivery } from '../../notify/index.ts';
import { compilePolicy, type Policy } from '../../policy/index.ts';
import type { SweepContext } from '../../sweep/index.ts';
import { reviewOfExceptions } from '../exception-review.ts';
import { type OpenRotator, rotateKeyWith } from '../rotate-key.ts';
import type { Environment } from './environment.ts';
import { type Hub, openBucket, openRecord } from './hub.ts';
import { tokenInSecret } from './ticket-token.ts';

type Stores = Pick<
  Environment,
  'HOME_REGION' | 'STATE_TABLE' | 'EVIDENCE_BUCKET' | 'TICKET_TOKEN_SECRET_ARN'
>;

/** What every account of a process is swept with. */
export type Everything = Omit<SweepContext, 'accountId' | 'clients' | 'pause' | 'acting'>;

export function openEverything(
  hub: Hub,
  policy: Policy,
  variables: Stores,
  delivery: NoticeDelivery,
): Everything {
  const { clock, ledger, actor, partition, newId } = hub;
  const stores = openRecord(hub, variables);
  return {
    clock,
    policy,
    judge: compilePolicy(policy),
    partition,
    ledger,
    ...stores,
    exceptions: reviewOfExceptions(
      { ledger, clock, policy, actor, ...stores },
      tokenInSecret(hub, variables),
    ),
    evidence: openBucket(variables.HOME_REGION, variables.EVIDENCE_BUCKET),
    actor,
    delivery,
    holder: `${actor.arn}/${newId()}`,
    newId,
  };
}

export function contextFor(
  everything: Everything,
  {
    openRotator,
    ...account
  }: Pick<SweepContext, 'accountId' | 'acting'> & {
    readonly clients: AwsClients;
    readonly openRotator?: OpenRotator | undefined;
  },
): SweepContext {
  const { pause } = account.clients;
  const rotateKey =
    openRotator === undefined ? undefined : rotateKeyWith({ ...everything, pause }, openRotator);
  return { ...everything, ...account, pause, rotateKey };
}
