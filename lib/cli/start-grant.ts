import type { GrantView, StartGrantBody } from '../api/index.ts';
import type { Broker } from '../wiring/broker-client/index.ts';
import { type BrokerErrand, lent } from './at-broker.ts';
import type { Lent } from './lent-credentials.ts';
import { leftWords } from './render/grant.ts';
import { shortInstant } from './render/text.ts';

/** A session and where to ask for the next. */
export interface Begun {
  readonly lent: Lent;
  readonly from: Pick<Broker, 'url' | 'region' | 'own'>;
}

/** Begins a grant or goes on with it. The id is said before anything is asked, so that nothing is ever taken twice. */
export async function begun(errand: BrokerErrand, asked: StartGrantBody): Promise<Begun | GrantView> {
  const { grantId, role, accountId } = asked;
  await errand.session.note(`Grant ${grantId}: ${role} in ${accountId}.`);
  return lent(errand, async ({ service, url, region, own }) => {
    const started = await service.startGrant(asked);
    return started.outcome === 'started' ? { lent: started, from: { url, region, own } } : started.grant;
  });
}

/** How long a grant lasts. */
export async function sayLeft({ session }: Pick<BrokerErrand, 'session'>, grant: GrantView): Promise<void> {
  const left = leftWords(grant);
  const said = left === undefined ? `is ${grant.state}, until ${shortInstant(grant.endsAt)}` : `has ${left}`;
  await session.note(`The grant ${said}.`);
}
