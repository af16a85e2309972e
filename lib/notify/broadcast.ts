import { messageOf } from '../domain/error.ts';
import type { DeliveryResult, Notice, NoticeDelivery } from './notice.ts';

export interface IntegrationFailure {
  readonly noticeId: string;
  readonly route: string;
  readonly reason: string;
}

/**
 * The route to the owner decides whether a notice counts as told. What it accepted is passed on to integrations
 * (operators' topic, event bus); their failures are reported and decide nothing.
 */
export function broadcast(options: {
  readonly toOwner: NoticeDelivery;
  readonly integrations: readonly NoticeDelivery[];
  readonly onIntegrationFailure: (failure: IntegrationFailure) => void;
}): NoticeDelivery {
  const { toOwner, integrations, onIntegrationFailure } = options;
  return {
    route: toOwner.route,
    async deliver(notice) {
      const result = await toOwner.deliver(notice);
      if (result.outcome !== 'accepted') return result;
      for (const integration of integrations) {
        const passed = await safely(integration, notice);
        if (passed.outcome === 'accepted') continue;
        onIntegrationFailure({ noticeId: notice.id, route: integration.route, reason: passed.reason });
      }
      return result;
    },
  };
}

async function safely(integration: NoticeDelivery, notice: Notice): Promise<DeliveryResult> {
  try {
    return await integration.deliver(notice);
  } catch (error) {
    return { outcome: 'unknown', reason: messageOf(error) };
  }
}
