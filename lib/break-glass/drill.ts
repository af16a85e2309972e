import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { awsError } from '../aws/index.ts';
import type { Actor } from '../domain/actor.ts';
import { DRILL_ROLE } from '../domain/break-glass-documents.ts';
import { DRILL_MS } from '../domain/break-glass-drill.ts';
import { JanitorError } from '../domain/error.ts';
import type { EventDraft } from '../domain/event.ts';
import type { Grant } from '../domain/grant.ts';
import { DRILL_STAGES, type DrillStage } from '../domain/grant-events.ts';
import type { BreakGlassContext } from './context.ts';
import { returnGrant } from './end-grant.ts';
import { recordOn } from './record.ts';
import { renewGrant } from './renew-grant.ts';
import type { IssuedSession } from './session.ts';
import { startGrant } from './start-grant.ts';

type Stage = Extract<EventDraft, { type: 'grant.drilled' }>['data']['stages'][number];

/** drilled: the whole path was tried, and each stage says how it went; `failed` names the first that did not. */
export type Drilled =
  | { readonly outcome: 'drilled'; readonly grant: Grant; readonly failed: DrillStage | undefined }
  | { readonly outcome: 'refused'; readonly code: string; readonly why: readonly string[] }
  | { readonly outcome: 'conflict' };

export interface DrillContext extends BreakGlassContext {
  /** IAM as whoever holds these credentials. */
  readonly iamAs: (session: IssuedSession) => Pick<IAMClient, 'send'>;
}

interface Asked {
  readonly actor: Actor;
  readonly grantId: string;
  readonly accountId: string;
}

/** Waits between looks, in milliseconds: credentials and policies take seconds to spread; in all a client still waits. */
const USED_WAITS = [500, 1000, 2000];
const REFUSED_WAITS = [500, 1000, 2000, 3000, 4000, 4000];

/**
 * The whole path on the role that may do nothing: begins a grant, uses its credentials, renews them, gives it back, and
 * sees that neither work any more. What each stage came to is recorded, also when one fails; what was begun is given back
 * in any case. The same call again tells what was recorded.
 */
export async function drill(context: DrillContext, { actor, grantId, accountId }: Asked): Promise<Drilled> {
  const course = new Course(context);
  const content = {
    grantId,
    role: DRILL_ROLE,
    accountId,
    durationSeconds: DRILL_MS / 1000,
    reason: 'a drill of break-glass access',
    ticket: 'drill',
  };
  const begun = await course.stage('started', () => startGrant(context, { actor, content }));
  if (begun?.outcome === 'refused' || begun?.outcome === 'conflict') return begun;
  const known = await recordOn(context, grantId, () => undefined);
  if (known?.grant.drill !== undefined) return drilled(known.grant);
  const first = begun?.outcome === 'started' ? begun.session : undefined;
  if (begun !== undefined && first === undefined) course.fail('started', `grant-${begun.outcome}`);
  const second =
    first === undefined ? undefined : await useAndRenew(context, course, { actor, grantId }, first);
  await giveBack(
    context,
    course,
    { actor, grantId },
    [first, second].filter((each) => each !== undefined),
  );
  const recorded = await recordOn(context, grantId, ({ now: at, grant }) =>
    grant.drill === undefined
      ? { at, actor: context.broker, type: 'grant.drilled', data: { stages: course.stages } }
      : undefined,
  );
  if (recorded === undefined) throw course.trouble ?? notRecorded(grantId);
  return drilled(recorded.grant);
}

function drilled(grant: Grant): Drilled {
  const failed = grant.drill?.stages.find(({ outcome }) => outcome === 'failed')?.stage;
  return { outcome: 'drilled', grant, failed };
}

type By = Pick<Asked, 'actor' | 'grantId'>;

/** The session of the renewal, if it came to that. */
async function useAndRenew(
  context: DrillContext,
  course: Course,
  by: By,
  first: IssuedSession,
): Promise<IssuedSession | undefined> {
  const used = await course.stage('used', () => answers(context, first));
  if (used === undefined) return undefined;
  return course.stage('renewed', async () => {
    const renewed = await renewGrant(context, by);
    if (renewed.outcome !== 'started') throw failure(`grant-${renewed.outcome}`);
    await answers(context, renewed.session);
    return renewed.session;
  });
}

async function giveBack(
  context: DrillContext,
  course: Course,
  by: By,
  sessions: readonly IssuedSession[],
): Promise<void> {
  const returned = await course.stage('returned', async () => {
    const ended = await returnGrant(context, { ...by, reason: 'the drill is over' });
    if (ended.outcome === 'ended') return true;
    throw failure('grant' in ended ? (ended.grant.failure ?? `grant-${ended.outcome}`) : 'grant-not-found');
  });
  if (returned === undefined || sessions.length === 0) return;
  await course.stage('refused', async () => {
    for (const session of sessions) await isRefused(context, session);
    return true;
  });
}

/** The one thing that the role may do: to look at itself. */
async function answers({ iamAs, pause }: DrillContext, session: IssuedSession): Promise<boolean> {
  return patiently(pause, USED_WAITS, async () => {
    await look(iamAs(session));
    return true;
  });
}

async function isRefused({ iamAs, pause }: DrillContext, session: IssuedSession): Promise<boolean> {
  return patiently(pause, REFUSED_WAITS, async () => {
    try {
      await look(iamAs(session));
    } catch (error) {
      if (error instanceof JanitorError && error.code === 'aws-denied') return true;
      throw error;
    }
    throw failure('still-answered');
  });
}

async function look(iam: Pick<IAMClient, 'send'>): Promise<void> {
  try {
    await iam.send(new GetRoleCommand({ RoleName: DRILL_ROLE }));
  } catch (error) {
    throw awsError(error, `iam:GetRole of ${DRILL_ROLE}`);
  }
}

/** Tries again after each of the waits; the last failure counts. */
async function patiently<T>(
  pause: BreakGlassContext['pause'],
  waits: readonly number[],
  attempt: () => Promise<T>,
): Promise<T> {
  for (const wait of waits) {
    try {
      return await attempt();
    } catch {
      await pause(wait);
    }
  }
  return attempt();
}

/** What the stages came to so far; those that were not come to are skipped. */
class Course {
  readonly #context: Pick<BreakGlassContext, 'clock'>;
  readonly #stages = new Map<DrillStage, Stage>();
  /** What failed first. */
  trouble: unknown;

  constructor(context: Pick<BreakGlassContext, 'clock'>) {
    this.#context = context;
  }

  get stages(): Stage[] {
    const at = this.#context.clock.now();
    return DRILL_STAGES.map((stage) => this.#stages.get(stage) ?? { stage, outcome: 'skipped', at });
  }

  async stage<T>(stage: DrillStage, run: () => Promise<T>): Promise<T | undefined> {
    try {
      const came = await run();
      this.#stages.set(stage, { stage, outcome: 'passed', at: this.#context.clock.now() });
      return came;
    } catch (error) {
      this.trouble ??= error;
      this.fail(stage, error instanceof JanitorError ? error.code : 'unexpected');
      return undefined;
    }
  }

  fail(stage: DrillStage, detail: string): void {
    this.#stages.set(stage, { stage, outcome: 'failed', at: this.#context.clock.now(), detail });
  }
}

function failure(code: string): JanitorError {
  return new JanitorError(`the drill failed: ${code}`, { code, source: 'system' });
}

function notRecorded(grantId: string): JanitorError {
  return new JanitorError(`nothing was recorded of drill ${grantId}`, {
    code: 'grant-not-found',
    source: 'system',
  });
}
