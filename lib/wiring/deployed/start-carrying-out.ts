import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { awsError } from '../../aws/index.ts';
import { JanitorError } from '../../domain/error.ts';
import type { CarryOutOrder } from '../service/desk.ts';

/**
 * Puts an order on the hub's bus, which hands it at least once to the function that carries out. It names what was
 * approved and proves nothing: the function reads the chain. Throws `not-started` and the `aws-` codes.
 */
export async function startCarryingOut(
  client: EventBridgeClient,
  eventBusName: string,
  order: CarryOutOrder,
): Promise<void> {
  const entry = {
    EventBusName: eventBusName,
    Source: 'credential-janitor',
    DetailType: 'RequestApproved',
    Detail: JSON.stringify(order),
  };
  const answer = await client.send(new PutEventsCommand({ Entries: [entry] })).catch((error: unknown) => {
    throw awsError(error, 'events:PutEvents');
  });
  if ((answer.FailedEntryCount ?? 0) === 0) return;
  const [failed] = answer.Entries ?? [];
  throw new JanitorError(`events:PutEvents: ${failed?.ErrorCode ?? 'the entry failed'}`, {
    code: 'not-started',
    source: 'system',
    hint: 'It is carried out within minutes all the same; "janitor request show" says when it is done.',
  });
}
