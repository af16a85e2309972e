import type { GrantView, StartGrantBody } from '../api/index.ts';
import type { Broker } from '../wiring/broker-client/index.ts';
import { type BrokerErrand, lent } from './at-broker.ts';
import type { Lent } from './lent-credentials.ts';
import { leftWords, waitingWords } from './render/grant.ts';
import { jsonDocument } from './render/json-document.ts';
import { shortInstant } from './render/text.ts';

/** A session and where to ask for the next; or nothing, where others have to approve first: that has then been said. */
export interface Begun {
  readonly lent: Lent;
  readonly from: Pick<Broker, 'url' | 'region' | 'own'>;
}

/** Begins a grant or goes on with it. The id is said before anything is asked, so that nothing is ever taken twice. */
export async function begun(errand: BrokerErrand, asked: StartGrantBody): Promise<Begun | undefined> {
  const { session } = errand;
  const { grantId, role, accountId } = asked;
  await session.note(`Grant ${grantId}: ${role} in ${accountId}.`);
  const { started, from } = await lent(errand, async ({ service, url, region, own }) => ({
    started: await service.startGrant(asked),
    from: { url, region, own },
  }));
  if (started.outcome === 'started') return { lent: started, from };
  await sayWaiting(errand, started.grant);
  return undefined;
}

/** On stderr, where a shell that evaluates the result does not take it for commands. */
async function sayWaiting({ session }: BrokerErrand, grant: GrantView): Promise<void> {
  if (session.format === 'json') await session.print(jsonDocument({ outcome: 'waiting', grant }));
  for (const line of waitingWords(grant)) await session.note(line);
}

/** How long a grant lasts, and how it is given back. */
export async function sayLeft({ session }: Pick<BrokerErrand, 'session'>, grant: GrantView): Promise<void> {
  await session.note(`${leftWords(grant) ?? `It is ${grant.state}, until ${shortInstant(grant.endsAt)}`}.`);
  await session.note(`Give it back: janitor break-glass return ${grant.grantId}`);
}
