import { REQUEST_KINDS, type RequestKind } from '../domain/request-events.ts';
import { isRoutineKind, type RequestRules } from '../domain/request-rules.ts';
import type { Tier } from '../domain/step.ts';
import { humanDuration, type Instant } from '../domain/time.ts';
import { approvalFor } from './directory.ts';
import type { Policy } from './policy.ts';
import { requestRules } from './request-rules.ts';

/** Who calls, as seen from what is asked for or decided. Members are of the group that decides about it. */
export const MATRIX_WHO = {
  approver: 'a member of the group that decides, and nothing else',
  requester: 'who asked, opened, proposed or halted; a member, too',
  sponsor: 'the person behind the agent that asked; a member, too',
  'owning approver': 'the owner of the credential; a member, too',
  'rule owner': 'the owner of the rule; a member, too',
  owner: 'the owner of the credential, in no such group',
  person: 'any other person of the directory',
  workload: 'a role that is registered as nothing',
  'sponsored agent': 'an autonomous agent that a person answers for; it asked for the requester',
  agent: 'an autonomous agent that nobody answers for',
  'outside workload': 'a role of an outside party under contract',
  unresolved: 'whom the directory does not know',
} as const;
export type MatrixWho = keyof typeof MATRIX_WHO;

/** `onlyIn`: only for members of one of these groups, an agent by its sponsor; for others it is refused, `not-eligible`. */
export type MatrixCell = (
  | { readonly outcome: 'allowed' }
  | { readonly outcome: 'pre-approved' }
  | { readonly outcome: 'needs'; readonly quorum: number; readonly group: string }
  | { readonly outcome: 'refused'; readonly code: string }
) & { readonly onlyIn?: readonly string[] };

/** What somebody does, and what becomes of it for each who. */
export type MatrixLine = {
  readonly cells: Readonly<Record<MatrixWho, MatrixCell>>;
  /** Who decides, where somebody does. */
  readonly decides?: { readonly group: string; readonly quorum: number };
} & MatrixDeed;

export type MatrixDeed =
  | { readonly what: 'submit'; readonly kind: RequestKind; readonly tier: Tier; readonly within?: string }
  | {
      readonly what: 'approve' | 'reject';
      readonly kind: RequestKind;
      readonly tier: Exclude<Tier, 'routine'>;
    }
  | { readonly what: 'approve plan'; readonly tier: Exclude<Tier, 'routine'> }
  | {
      readonly what:
        | 'withdraw'
        | 'revoke exception'
        | 'open challenge'
        | 'decide challenge'
        | 'halt'
        | 'resume'
        | 'approve policy';
    };

type Codes = Partial<Record<MatrixWho, string>>;

const MEMBERS: readonly MatrixWho[] = ['approver', 'requester', 'sponsor', 'owning approver', 'rule owner'];
const WITHOUT_PERSON: readonly MatrixWho[] = ['workload', 'agent', 'outside workload'];
const ALLOWED = { outcome: 'allowed' } as const;
const refused = (code: string): MatrixCell => ({ outcome: 'refused', code });

/**
 * Who may do what at which tier by a policy as of an instant, for requests that no entry of `approvers` or `eligible`
 * with rules, accounts or units is about. What it says is tested cell by cell against what happens.
 */
export function authorisationMatrix(policy: Policy, now: Instant): readonly MatrixLine[] {
  const lines = REQUEST_KINDS.map((kind) => linesOfKind(kind, requestRules(policy, now, { kind })));
  const { challenges } = requestRules(policy, now, { kind: 'exception' });
  const decider = { group: challenges.group, quorum: 1 };
  return [
    ...lines.flatMap(({ asking }) => asking),
    ...lines.flatMap(({ deciding }) => deciding),
    { what: 'withdraw', cells: cells(withdrawing) },
    { what: 'revoke exception', cells: cells(revoking) },
    { what: 'open challenge', cells: cells(() => ALLOWED) },
    {
      what: 'decide challenge',
      decides: decider,
      cells: deciding({ requester: 'party-may-not-decide', 'rule owner': 'party-may-not-decide' }),
    },
    ...(['guarded', 'critical'] as const).map(
      (tier): MatrixLine => ({
        what: 'approve plan',
        tier,
        decides: approvalFor(policy, tier),
        cells: deciding({ requester: 'requester-may-not-approve' }),
      }),
    ),
    { what: 'halt', cells: halting() },
    { what: 'resume', decides: { ...approvalFor(policy, 'guarded'), quorum: 1 }, cells: resuming() },
    {
      what: 'approve policy',
      decides: approvalFor(policy, 'policy'),
      cells: deciding({ requester: 'requester-may-not-approve' }),
    },
  ];
}

function linesOfKind(
  kind: RequestKind,
  rules: RequestRules,
): { readonly asking: MatrixLine[]; readonly deciding: MatrixLine[] } {
  const { tier } = rules.kinds[kind];
  const { group, quorum } = rules.approvals[tier];
  const routineMs = isRoutineKind(kind) ? (rules.routineMs[kind] ?? 0) : 0;
  const groups = rules.eligible.flatMap((each) => each.groups);
  const needs = { outcome: 'needs', quorum, group } as const;
  const routine: MatrixLine = {
    what: 'submit',
    kind,
    tier: 'routine',
    within: humanDuration(routineMs),
    cells: cells((who) => asking(who, 'routine', { outcome: 'pre-approved' }, groups)),
  };
  const parties: Codes = {
    requester: 'party-may-not-approve',
    sponsor: 'party-may-not-approve',
    'owning approver': 'party-may-not-approve',
  };
  return {
    asking: [
      ...(routineMs > 0 ? [routine] : []),
      { what: 'submit', kind, tier, cells: cells((who) => asking(who, tier, needs, groups)) },
    ],
    deciding: [
      { what: 'approve', kind, tier, decides: { group, quorum }, cells: deciding(parties) },
      { what: 'reject', kind, tier, decides: { group, quorum: 1 }, cells: deciding({}) },
    ],
  };
}

function asking(who: MatrixWho, tier: Tier, granted: MatrixCell, groups: readonly string[]): MatrixCell {
  if (groups.length > 0 && WITHOUT_PERSON.includes(who)) return refused('not-eligible');
  if (who === 'agent' && tier !== 'routine') return refused('sponsor-missing');
  return groups.length > 0 ? { ...granted, onlyIn: groups } : granted;
}

/** By members alone, but for those whose part in it forbids it. */
function deciding(parties: Codes): MatrixLine['cells'] {
  return cells((who) => {
    if (!MEMBERS.includes(who)) return refused('not-an-approver');
    const code = parties[who];
    return code === undefined ? ALLOWED : refused(code);
  });
}

/** Everybody of the chain that asked. */
function withdrawing(who: MatrixWho): MatrixCell {
  return who === 'requester' || who === 'sponsored agent' ? ALLOWED : refused('not-the-requester');
}

/** Taking an exemption away is the safe direction: members and whoever is a party of it may. */
function revoking(who: MatrixWho): MatrixCell {
  return MEMBERS.includes(who) || who === 'owner' ? ALLOWED : refused('may-not-revoke');
}

/** Stopping is the safe direction, for everybody of the organisation, known or not. */
function halting(): MatrixLine['cells'] {
  return { ...cells(() => ALLOWED), 'outside workload': refused('caller-refused'), unresolved: ALLOWED };
}

function resuming(): MatrixLine['cells'] {
  return {
    ...deciding({ requester: 'same-person-may-not-resume' }),
    owner: refused('may-not-resume'),
    person: refused('may-not-resume'),
  };
}

/** Whoever is unresolved is refused, whatever it is. */
function cells(cellOf: (who: MatrixWho) => MatrixCell): MatrixLine['cells'] {
  const of = (who: MatrixWho): MatrixCell => cellOf(who);
  return {
    approver: of('approver'),
    requester: of('requester'),
    sponsor: of('sponsor'),
    'owning approver': of('owning approver'),
    'rule owner': of('rule owner'),
    owner: of('owner'),
    person: of('person'),
    workload: of('workload'),
    'sponsored agent': of('sponsored agent'),
    agent: of('agent'),
    'outside workload': of('outside workload'),
    unresolved: refused('caller-unresolved'),
  };
}
