import { HUB, MEMBER } from './birth-events.ts';

/** The organisation that the functions' tests sweep; the hub is swept too. */
export { HUB, MEMBER };
/** Lets nobody in: there are no roles. */
export const STRANGER = '555566667777';
export const SUSPENDED = '666677778888';
export const ORGANISATION_ID = 'o-embeddedaws1';

export const REGION = 'eu-central-1';
export const OTHER_REGION = 'us-east-1';
/** Of the secret with the token for the ticket system, in the hub, where one is configured. */
export const TICKET_TOKEN = `arn:aws:secretsmanager:${REGION}:${HUB}:secret:janitor/ticket-token-AbCdEf`;
export const SENDER = 'janitor@example.com';
