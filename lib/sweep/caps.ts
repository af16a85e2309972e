import { claimedWithinDay } from '../domain/account-chains.ts';
import type { Credential, CredentialKind } from '../domain/credential.ts';
import type { LedgerEvent } from '../domain/event.ts';
import { isDestructive, type StepKind } from '../domain/step.ts';
import { subjects } from '../domain/subject.ts';
import { DAY_MS, elapsed, type Instant } from '../domain/time.ts';
import type { Refusal } from '../domain/verdict.ts';
import type { ChainContext } from './context.ts';

/** Limits of the policy, applied to the size of an account. */
export interface Caps {
  readonly perAccountPerDay: number;
  readonly perOrganisationPerDay: number;
  /** What the organisation leaves to this account in this run; undefined: whatever is free. */
  readonly allowance: number | undefined;
  /** The most of one kind within 24 hours: the smaller of share and account cap, never below `atLeast`. */
  readonly ofKind: (kind: CredentialKind) => number;
}

export interface Limits {
  readonly perAccountPerDay: number;
  readonly perOrganisationPerDay: number;
  readonly percentOfKind: number;
  readonly atLeast: number;
}

export function capsFor(
  limits: Limits,
  countOfKind: Readonly<Record<string, number>>,
  allowance?: number,
): Caps {
  return {
    allowance,
    perAccountPerDay: limits.perAccountPerDay,
    perOrganisationPerDay: limits.perOrganisationPerDay,
    ofKind: (kind) => {
      const share = Math.floor(((countOfKind[kind] ?? 0) * limits.percentOfKind) / 100);
      return Math.max(limits.atLeast, Math.min(limits.perAccountPerDay, share));
    },
  };
}

export type Claim =
  | { readonly ok: true; readonly slot: number }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Claims one slot in the account and one in the organisation, each a conditional Put at the next sequence of its
 * chain, so that two sweeps can never take the same one (I5). A slot stays claimed when the step is abandoned:
 * the caps err on the safe side. Where the organisation has none left, none of the account's is used up.
 */
export async function claimSlot(context: ChainContext, caps: Caps, step: Claiming): Promise<Claim> {
  const { credential } = step;
  const ofOrganisation: Full = (events, now) => {
    const { all } = claimedWithinDay(events, now);
    return all < caps.perOrganisationPerDay
      ? undefined
      : `${all} credentials of the organisation were disabled or deleted within 24 hours; the limit is ${caps.perOrganisationPerDay}`;
  };
  const early = await refusalOf(context, subjects.organisationCap, ofOrganisation);
  if (early !== undefined) return { ok: false, refusal: early };
  const account = await claim(context, subjects.cap(credential.accountId), step, CAP, (events, now) => {
    const inRun = claimedBySweep(events, step);
    if (caps.allowance !== undefined && inRun >= caps.allowance) {
      return `the organisation's limit of ${caps.perOrganisationPerDay} within 24 hours is shared among its accounts; ${caps.allowance} ${caps.allowance === 1 ? 'is' : 'are'} for account ${credential.accountId} in this run`;
    }
    const claimed = claimedWithinDay(events, now);
    if (claimed.all >= caps.perAccountPerDay) {
      return `${claimed.all} credentials of account ${credential.accountId} were disabled or deleted within 24 hours; the limit is ${caps.perAccountPerDay}`;
    }
    const ofKind = claimed.byKind[credential.kind] ?? 0;
    return ofKind < caps.ofKind(credential.kind)
      ? undefined
      : `${ofKind} of this kind (${credential.kind}) were disabled or deleted in this account within 24 hours; the limit is ${caps.ofKind(credential.kind)}`;
  });
  if (!account.ok) return account;
  const organisation = await claim(context, subjects.organisationCap, step, CAP, ofOrganisation);
  return organisation.ok ? account : organisation;
}

/** Steps of this sweep beside this one. A process that died had perhaps claimed for it: that is one step all the same. */
function claimedBySweep(events: readonly LedgerEvent[], { credential, step, sweepId }: Claiming): number {
  const others = events.flatMap(({ type, data }) =>
    type === 'slot.claimed' &&
    isDestructive(data.step) &&
    data.sweepId === sweepId &&
    !(data.credentialId === credential.id && data.step === step)
      ? [`${data.step} ${data.credentialId}`]
      : [],
  );
  return new Set(others).size;
}

const CAP = 'cap-reached';

/** What a slot is claimed for. */
export interface Claiming {
  readonly credential: Credential;
  readonly step: StepKind;
  readonly sweepId: string;
}

/** Why no slot is left, if none is. */
type Full = (events: readonly LedgerEvent[], now: Instant) => string | undefined;

async function refusalOf(context: ChainContext, subject: string, full: Full): Promise<Refusal | undefined> {
  const now = context.clock.now();
  const reason = full(await claimsWithinDay(context, subject, now), now);
  return reason === undefined ? undefined : { code: CAP, reason };
}

/** Claims the next slot of a chain unless it is `full`, in which case the refusal has this code. */
export async function claim(
  context: ChainContext,
  subject: string,
  step: Claiming,
  code: string,
  full: Full,
): Promise<Claim> {
  for (;;) {
    const now = context.clock.now();
    const events = await claimsWithinDay(context, subject, now);
    const reason = full(events, now);
    if (reason !== undefined) return { ok: false, refusal: { code, reason } };
    const appended = await context.ledger.append(subject, events[0] ?? null, {
      type: 'slot.claimed',
      at: now,
      actor: context.actor,
      policyHash: context.policy.hash,
      data: {
        credentialId: step.credential.id,
        kind: step.credential.kind,
        step: step.step,
        sweepId: step.sweepId,
      },
    });
    if (appended.ok) return { ok: true, slot: appended.event.seq };
  }
}

const PAGE = 100;

/** The newest claims, newest first, back to the first one that is a day old: never the whole chain. */
export async function claimsWithinDay(
  context: Pick<ChainContext, 'ledger'>,
  subject: string,
  now: Instant,
): Promise<readonly LedgerEvent[]> {
  for (let limit = PAGE; ; limit *= 4) {
    const events = await context.ledger.newest(subject, limit);
    const oldest = events.at(-1);
    if (oldest === undefined || events.length < limit || elapsed(oldest.at, now) >= DAY_MS) return events;
  }
}
