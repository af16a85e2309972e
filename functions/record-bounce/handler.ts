import '../../lib/wiring/deployed/interpreted-schemas.ts';
import * as z from '../../lib/domain/zod.ts';
import {
  deployedPolicy,
  lambda,
  logger,
  noticeOfSlug,
  once,
  openOwnLedger,
  openRecord,
  readEnvironment,
  recordBounce,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(process.env, 'HOME_REGION', 'LEDGER_TABLE', 'POLICY_DIR', 'STATE_TABLE');

/** What SES says of a mail through EventBridge; services add fields, so unknown ones are passed over. */
const eventSchema = z.object({
  'detail-type': z.string(),
  detail: z.object({
    eventType: z.string(),
    mail: z.object({ tags: z.object({ noticeId: z.array(z.string()).check(z.minLength(1)) }) }),
    bounce: z.optional(z.object({ bounceType: z.string(), bounceSubType: z.string() })),
    complaint: z.optional(z.object({ complaintFeedbackType: z.optional(z.string()) })),
    reject: z.optional(z.object({ reason: z.string() })),
  }),
});
type MailEvent = z.infer<typeof eventSchema>;

const open = once(async () => {
  const [ledger, policy] = await Promise.all([openOwnLedger(environment), deployedPolicy(environment)]);
  return { ...ledger, ...openRecord(ledger, environment), policy };
});

/** Records that an accepted notice did not arrive: it no longer counts as telling anybody (I3). */
export const handler = lambda(eventSchema, async (event) => {
  const { mail } = event.detail;
  const noticeId = noticeOfSlug(mail.tags.noticeId[0] ?? '');
  const reason = reasonOf(event);
  if (reason === undefined) return;
  await recordBounce(await open(), noticeId, reason);
  logger.info('bounce', { noticeId, reason });
});

/** Why it did not arrive; undefined for what is no failure, and for a mailbox that was full for a moment. */
function reasonOf({ detail: { bounce, complaint, reject } }: MailEvent): string | undefined {
  if (bounce !== undefined && bounce.bounceType !== 'Transient') {
    return `bounced: ${bounce.bounceType} (${bounce.bounceSubType})`;
  }
  if (complaint !== undefined)
    return `reported as unwanted: ${complaint.complaintFeedbackType ?? 'no reason given'}`;
  return reject === undefined ? undefined : `rejected by SES: ${reject.reason}`;
}
