import { ServiceException } from '@smithy/core/client';
import { mapAwsError } from '../aws/index.ts';
import type { DeliveryResult } from './notice.ts';

/**
 * What an error of a sending call means. refused: AWS found something wrong with this very message (4xx), so sending
 * it again would not help. Throttling, missing rights, ended sessions, server and network errors say nothing about
 * the recipient, so they are `unknown` and the notice is sent again later. `passing`: codes of the service for
 * refusals that concern the sender and end by themselves.
 */
export function deliveryFailure(
  error: unknown,
  operation: string,
  passing: readonly string[] = [],
): DeliveryResult {
  const failure = mapAwsError(error, operation);
  const isRefused =
    ServiceException.isInstance(error) && failure.kind === 'invalid' && !passing.includes(failure.code);
  return { outcome: isRefused ? 'refused' : 'unknown', reason: failure.message };
}
