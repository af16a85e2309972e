import type { StartedView } from '../api/index.ts';
import { JanitorError } from '../domain/error.ts';
import { atBroker, type BrokerErrand, lent } from './at-broker.ts';
import { shortInstant } from './render/text.ts';

/** Another session of a grant. Says when it ended and how, where the broker only says that it is over. */
export async function renewed(errand: BrokerErrand, grantId: string): Promise<StartedView> {
  try {
    return await lent(errand, ({ service }) => service.renewGrant(grantId));
  } catch (error) {
    if (!(error instanceof JanitorError) || error.code !== 'grant-over') throw error;
    throw await ended(errand, grantId, error);
  }
}

async function ended(errand: BrokerErrand, grantId: string, error: JanitorError): Promise<JanitorError> {
  const grant = await atBroker(errand, ({ service }) => service.getGrant(grantId)).catch(() => undefined);
  if (grant === undefined) return error;
  const { role, accountId, ending, endedAt, lapsedAt, endsAt } = grant;
  const how = lapsedAt === undefined ? (ending?.cause ?? 'expired') : 'lapsed';
  const at = shortInstant(lapsedAt ?? ending?.at ?? endedAt ?? endsAt);
  return new JanitorError(`grant ${grantId} ended at ${at} (${how}); ask for another`, {
    code: 'grant-over',
    source: 'policy',
    hint: `janitor break-glass start ${role} --account ${accountId} --reason ... --ticket ...`,
    details: { grantId },
  });
}
