import type { RequestContent } from '../../lib/domain/request-events.ts';
import { HOUR_MS, plus } from '../../lib/domain/time.ts';
import type { AskingCommand, AskKind } from './asking-commands.ts';
import { frozenPlans } from './errands.ts';
import { ENDS } from './invariants/one-outcome.ts';
import type { World } from './world.ts';

type Asked = Pick<Extract<AskingCommand, { kind: 'ask' }>, 'what' | 'credential' | 'hours' | 'rests' | 'by'>;

const TAGS = { project: 'x' };

export function contentOf(
  world: World,
  { what, credential, hours, rests, by }: Asked,
): RequestContent | undefined {
  const asked = askOf(world, what, credential, rests);
  if (asked === undefined) return undefined;
  return {
    ask: asked,
    reasonKind: 'business-need',
    businessOwner: 'erin',
    reason: `${by} needs it`,
    ticket: 'OPS-1',
    endsAt: plus(world.now(), hours * HOUR_MS),
  };
}

function askOf(
  world: World,
  what: AskKind,
  nth: number,
  rests: 'tag' | 'owner' | 'ticket',
): RequestContent['ask'] | undefined {
  const credentialId = foundNth(world, nth);
  if (credentialId === undefined) return undefined;
  const rule = newestRuleOf(world, credentialId);
  switch (what) {
    case 'exception': {
      const conditions = {
        tag: { tag: TAGS },
        owner: { owner: 'same' as const },
        ticket: { ticket: 'open' as const },
      }[rests];
      return { kind: what, scope: { credentialId, rules: [rule] }, while: conditions };
    }
    case 'extension': {
      const exceptionId = idsOf(world, 'exception.proposed', 'exception#').at(-1);
      return exceptionId === undefined ? undefined : { kind: what, exceptionId };
    }
    case 'restore':
      return { kind: what, credentialId };
    case 'approve-plan': {
      const planId = frozenPlans(world).at(-1);
      const frozen = world.writes.findLast(({ event }) => event.type === 'plan.frozen')?.event;
      return planId === undefined || frozen === undefined
        ? undefined
        : { kind: what, planId, planHash: frozen.hash };
    }
    case 'policy-override':
      return {
        kind: what,
        credentialId,
        rule,
        ruleHash: ruleHashOf(world, rule),
        step: nth % 2 === 0 ? 'disable' : 'delete',
      };
  }
}

/** The rule of the newest finding about a credential; where there is none, one that may find something yet. */
function newestRuleOf(world: World, credentialId: string): string {
  const found = world.writes.findLast(
    ({ event }) => event.type === 'finding.opened' && event.subject === `credential#${credentialId}`,
  );
  return found?.event.rule ?? 'access-key-unused';
}

function ruleHashOf({ atHand: { policy } }: World, rule: string): string {
  return policy.document.rules.some(({ id }) => id === rule) ? policy.ruleHash(rule) : '0'.repeat(64);
}

/** What an event of this type began: what has ended first, then what has not, the oldest first. */
export function idsOf(world: World, type: string, prefix: string): string[] {
  const begun = world.writes.flatMap(({ event }) =>
    event.type === type && event.seq === 1 ? [event.subject] : [],
  );
  const ended = new Set(
    world.writes.flatMap(({ event }) => (ENDS.includes(event.type) ? [event.subject] : [])),
  );
  const inOrder = [...begun.filter((id) => ended.has(id)), ...begun.filter((id) => !ended.has(id))];
  return inOrder.map((subject) => subject.slice(prefix.length));
}

/** The nth credential, those with the newest findings first: people ask about what they were told of. */
function foundNth(world: World, nth: number): string | undefined {
  const found = world.writes
    .filter(({ event }) => event.type === 'finding.opened')
    .map(({ event }) => event.subject.slice('credential#'.length))
    .toReversed();
  return [...new Set([...found, ...world.credentials.map(({ id }) => id)])][nth];
}

/** The nth newest step that an owner was told of. */
export function announcedNth(world: World, nth: number) {
  const told = world.writes.flatMap(({ event }) =>
    event.type === 'owner.notified' && event.data.announces !== undefined
      ? [
          {
            kind: 'step' as const,
            credentialId: event.subject.slice('credential#'.length),
            rule: event.rule ?? '',
            step: event.data.announces.step,
          },
        ]
      : [],
  );
  return told.at(-1 - nth);
}
