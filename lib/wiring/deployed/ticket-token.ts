import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { JanitorError } from '../../domain/error.ts';
import { elapsed, type Instant, MINUTE_MS } from '../../domain/time.ts';
import type { TicketToken } from '../../requests/index.ts';
import type { Environment } from './environment.ts';
import type { Hub } from './hub.ts';

const KEPT_MS = 15 * MINUTE_MS;
/** A request waits for it beside the ticket system, and API Gateway for both. */
const READ_WITHIN_MS = 5_000;
/** What a bearer token may be made of (RFC 6750): a secret with anything else holds something else, and is not sent. */
const BEARER = /^[\w.~+/-]+=*$/;

/**
 * The token for the ticket system, as a secret of the hub holds it; undefined where none is configured. It is read when
 * the first ticket is asked for, and again after 15 minutes or once it was refused. What cannot be read throws without
 * the reason, which could quote what was read.
 */
export function tokenInSecret(
  { clients, clock }: Pick<Hub, 'clock'> & { readonly clients: Pick<Hub['clients'], 'secretsManager'> },
  { HOME_REGION, TICKET_TOKEN_SECRET_ARN }: Pick<Environment, 'HOME_REGION' | 'TICKET_TOKEN_SECRET_ARN'>,
): TicketToken | undefined {
  if (TICKET_TOKEN_SECRET_ARN === undefined) return undefined;
  const command = { SecretId: TICKET_TOKEN_SECRET_ARN };
  let kept: { readonly token: string; readonly at: Instant } | undefined;
  return {
    async read() {
      const now = clock.now();
      if (kept !== undefined && elapsed(kept.at, now) < KEPT_MS) return kept.token;
      kept = undefined;
      const abortSignal = AbortSignal.timeout(READ_WITHIN_MS);
      const { SecretString } = await clients
        .secretsManager(HOME_REGION)
        .send(new GetSecretValueCommand(command), { abortSignal })
        .catch(() => ({ SecretString: undefined }));
      const token = SecretString?.trim() ?? '';
      if (!BEARER.test(token)) throw unreadable();
      kept = { token, at: now };
      return token;
    },
    refused() {
      kept = undefined;
    },
  };
}

function unreadable(): JanitorError {
  return new JanitorError('the token for the ticket system cannot be read', {
    code: 'ticket-token-unreadable',
    source: 'access',
    hint: 'Look at the secret of ticketTokenSecret: its whole value is the token, and its key lets the functions decrypt.',
  });
}
