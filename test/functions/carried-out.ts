import { APPROVED } from '../../lib/infrastructure/requests/approved.ts';
import type { HubWorld } from './hub-world.ts';
import { HUB } from './places.ts';

const delivered = new WeakMap<HubWorld, number>();

/** EventBridge hands on what may be carried out; returns how many events there were. */
export async function deliverApproved(world: HubWorld): Promise<number> {
  const approved = world.services.bus.events.filter(({ DetailType }) => DetailType === APPROVED.detailType);
  const fresh = approved.slice(delivered.get(world) ?? 0);
  delivered.set(world, approved.length);
  for (const { Source, DetailType, Detail } of fresh) {
    await world.invoke('carry-out-requests', {
      version: '0',
      id: '0b1c2d3e-0000-4000-8000-000000000000',
      source: Source,
      'detail-type': DetailType,
      account: HUB,
      time: new Date().toISOString(),
      region: 'eu-central-1',
      resources: [],
      detail: JSON.parse(Detail),
    });
  }
  return fresh.length;
}

/** The clock has the same function look at everything that is open. */
export async function reconcile(world: HubWorld): Promise<unknown> {
  return world.invoke('carry-out-requests', { reconcile: true });
}
