import type { Actor } from '../domain/actor.ts';
import type { Credential } from '../domain/credential.ts';
import { withoutSecret } from '../domain/secret-shape.ts';
import { subjects } from '../domain/subject.ts';
import { elapsed, type Instant } from '../domain/time.ts';
import { recordDeciding } from './append.ts';
import type { ChainContext } from './context.ts';
import { plainFields } from './draft.ts';

/** What CloudTrail says of the call that made a credential. */
export interface Birth {
  readonly at: Instant;
  readonly region: string;
  readonly creator: Actor;
  /** AWS's id of the call. */
  readonly requestId?: string | undefined;
}

/**
 * Records who made a credential, once: a repeated event adds nothing. No lease is needed for that, so a crash right
 * after it shows nowhere; the repetition therefore brings the projection up to the chain. False: it was known.
 */
export async function recordBirth(
  context: ChainContext,
  { id, kind }: Credential,
  birth: Birth,
): Promise<boolean> {
  const known = await context.record.read(id);
  const { event } = await recordDeciding(context.record, id, known, ({ createdBy }) =>
    createdBy === undefined
      ? {
          ...plainFields(context),
          type: 'credential.born',
          ...(birth.requestId === undefined ? {} : { requestIds: [birth.requestId] }),
          data: {
            kind,
            creator: recordableActor(birth.creator),
            createdAt: birth.at,
            region: birth.region,
            via: 'cloudtrail',
            delaySeconds: secondsSince(birth.at, context.clock.now()),
          },
        }
      : undefined,
  );
  if (event === undefined) await context.record.reproject([subjects.credential(id)]);
  else await context.record.catchUp();
  return event !== undefined;
}

/** Whole seconds; none where the clocks disagree. */
export function secondsSince(at: Instant, now: Instant): number {
  return Math.max(0, Math.floor(elapsed(at, now) / 1_000));
}

/** Callers choose their session's name: what looks like a secret is left out. */
function recordableActor(actor: Actor): Actor {
  const { arn, claimed } = actor;
  return {
    ...actor,
    arn: withoutSecret(arn),
    ...(claimed === undefined ? {} : { claimed: withoutSecret(claimed) }),
  };
}
