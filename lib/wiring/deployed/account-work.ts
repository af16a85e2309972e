import type { AwsClients } from '../../aws/index.ts';
import type { NoticeDelivery } from '../../notify/index.ts';
import { compilePolicy, type Policy } from '../../policy/index.ts';
import type { SweepContext } from '../../sweep/index.ts';
import { reviewOfExceptions } from '../exception-review.ts';
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

/** What one account is swept with. `rotateKey`: for a process that rotates. */
export function contextFor(
  everything: Everything,
  account: Pick<SweepContext, 'accountId' | 'acting' | 'rotateKey'> & { readonly clients: AwsClients },
): SweepContext {
  return { ...everything, ...account, pause: account.clients.pause };
}
