import { describe, expect, it } from 'vitest';
import { eventDataSchemas } from '../../lib/domain/event-data.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { sentenceOf } from '../../lib/ledger/index.ts';
import { NOW } from '../builders/credential.ts';
import { event, person } from '../builders/event.ts';
import { ASKED_SENTENCES } from './asked-sentences.ts';
import { GRANT_SENTENCES } from './grant-sentences.ts';
import { INCIDENT_SENTENCES } from './incident-sentences.ts';

const ROLE = 'arn:aws:sts::111122223333:assumed-role/janitor-sweep/run';
const KEY = 'arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:ci/deployer-AbCdEf';
const ROTATION = 'c9b2d1f0-7a7e-4a7e-9d4e-2f1f6a1b0c3d';

/** What an auditor reads of each type of event: who, what, why, until when (G1 to G4). */
const sentences = [
  [
    'credential.born',
    'ana created this access-key on 2026-10-15 08:59 UTC in us-east-1, as CloudTrail says.',
  ],
  [
    'finding.opened',
    `${ROLE} found that rule access-key-unused matches this access-key: It was last used 60 days ago.`,
  ],
  [
    'finding.closed',
    `${ROLE} closed the finding of rule access-key-unused, because it was used again: the rule no longer matches.`,
  ],
  [
    'owner.notified',
    'ana was told under rule access-key-unused by notice/111122223333/1: unless somebody objects, it is disabled on or after 2026-10-29 09:00 UTC.',
  ],
  [
    'owner.notice-bounced',
    'notice/111122223333/1 to ana bounced, because mailbox unknown: its owner does not count as told.',
  ],
  [
    'step.intended',
    `${ROLE} set out to disable it under rule access-key-unused (tier routine), because It was last used 60 days ago; to be attempted once, before 2026-10-15 09:01 UTC.`,
  ],
  ['step.done', 'It was disabled under rule access-key-unused (seen so by reading AWS afterwards).'],
  [
    'step.failed',
    'AWS refused to disable it under rule access-key-unused: AccessDenied, because the policy denies it.',
  ],
  [
    'step.abandoned',
    'The intent to disable it was abandoned by the guard halted, because account 111122223333 is halted; nothing was changed.',
  ],
  [
    'quarantine.ended',
    'Its quarantine was found ended by somebody else, because the key is active again; every finding starts over with a new notice.',
  ],
  [
    'hold.placed',
    'ana placed the manual hold hold-1 until 2026-11-14 09:00 UTC, because it is needed for the audit (ticket OPS-7); nothing destructive happens to it while the hold is in force.',
  ],
  ['hold.lifted', 'ana lifted the hold hold-1.'],
  [
    'rotation.begun',
    `${ROLE} began rotation ${ROTATION} under rule access-key-unused, as a step of the policy; the new value goes into ${SECRET}.`,
  ],
  ['rotation.resumed', `${ROLE} went on with rotation ${ROTATION}.`],
  ['rotation.key-created', `Rotation ${ROTATION} made the access key AKIAEXAMPLENEWKEY000.`],
  [
    'rotation.key-removed',
    `Rotation ${ROTATION} removed the access key AKIAEXAMPLENEWKEY000, because no version of the secret holds it; nobody had received it.`,
  ],
  [
    'rotation.finished',
    `Rotation ${ROTATION} finished: the new value was tested and is the current one of ${SECRET}; the access key AKIAEXAMPLENEWKEY000 takes the place of this one.`,
  ],
  [
    'rotation.failed',
    `Rotation ${ROTATION} into ${SECRET} failed with slots-full, because the user has two keys in use; the value before it is still the current one.`,
  ],
  [
    'rotation.blocked',
    'It is to be rotated, but no rotation can begin (no-store), because no secret holds this key; nothing was changed.',
  ],
  [
    'rotations.stopped',
    `No rotation begins in this account until a person says go: the one of ${KEY} failed (slots-full).`,
  ],
  ['rotations.allowed', 'ana allowed rotations in this account again, because the slot is free.'],
  [
    'plan.frozen',
    `${ROLE} froze plan/111122223333/1: 1 step waits for 1 approval by group security, because the tier guarded needs approval; it lapses on 2026-10-22 09:00 UTC.`,
  ],
  ['plan.approved', 'bo approved plan/111122223333/1 as frozen (hash eeeeeeeeeeee).'],
  [
    'plan.rejected',
    'bo rejected plan/111122223333/1, because the vendor needs them; none of its steps will run.',
  ],
  ['plan.lapsed', 'plan/111122223333/1 lapsed without the approvals it needed; none of its steps will run.'],
  [
    'plan.item-dropped',
    `The step to delete it was dropped from plan/111122223333/1 for ${KEY}, rule access-key-unused, because it was used again.`,
  ],
  ['notice.prepared', `${ROLE} prepared notice/111122223333/1 for ana: one digest about 1 credential.`],
  [
    'notice.accepted',
    'notice/111122223333/1 was accepted for delivery by mail (receipt 0100018f-receipt); waits count from here.',
  ],
  [
    'notice.refused',
    'notice/111122223333/1 was refused by mail, because the address is not verified; nobody counts as told.',
  ],
  [
    'notice.bounced',
    'notice/111122223333/1 bounced, because mailbox unknown; its recipient does not count as told.',
  ],
  ['notice.recorded', 'notice/111122223333/1 is recorded on the chain of every credential it names.'],
  [
    'sweep.finished',
    `${ROLE} finished sweep sweep-1 of account 111122223333, enforcing: steps done 3; 120 credentials judged (keep 100, act 20); the reading was complete.`,
  ],
  [
    'run.started',
    `${ROLE} started run run-1 for the schedule of 2026-10-15T09:00:00.000Z: 3 accounts, enforcing.`,
  ],
  [
    'run.finished',
    `${ROLE} finished run run-1: 2 of 3 accounts swept, 0 incompletely; 1 account could not be swept; 120 credentials judged (keep 100, act 20), steps done 3.`,
  ],
  ['lease.taken', 'host-1/42 took the lease: it alone sweeps this account until 2026-10-15 10:00 UTC.'],
  ['lease.renewed', 'host-1/42 renewed its lease until 2026-10-15 11:00 UTC.'],
  ['lease.released', 'host-1/42 gave its lease back.'],
  ['slot.claimed', `Sweep sweep-1 claimed a slot of the day's caps to disable it: ${KEY}.`],
  [
    'halt.placed',
    'cy halted account 111122223333 (halt halt-1), because a release is under way; no step runs there until another person resumes it.',
  ],
  ['halt.lifted', 'bo lifted the halt halt-1.'],
  ['policy.proposed', 'ana proposed policy aaaaaaaaaaaa; it needs 2 approvals before 2026-10-22 09:00 UTC.'],
  ['policy.approved', 'bo approved policy aaaaaaaaaaaa.'],
  ['policy.activated', 'ana activated policy aaaaaaaaaaaa, approved by bo.'],
] as const;

const rows = [...sentences, ...ASKED_SENTENCES, ...GRANT_SENTENCES, ...INCIDENT_SENTENCES];

describe('every type of event as a sentence', () => {
  it('has a row here', () => {
    expect(rows.map(([type]) => type)).toEqual(Object.keys(eventDataSchemas));
  });

  it.each(rows)('%s', (type, sentence) => {
    expect(sentenceOf(event(type))).toBe(sentence);
  });
});

describe('what makes a difference is said', () => {
  const recoverableUntil = plus(NOW, 30 * DAY_MS);
  const cases = [
    [
      'a workload as creator',
      event('credential.born', { data: { creator: { kind: 'workload', arn: ROLE, claimed: 'run' } } }),
      `${ROLE} (claims run) created this access-key`,
    ],
    [
      'that only people own',
      event('credential.born', { data: { creator: { kind: 'workload', arn: ROLE } } }),
      'as CloudTrail says; that is a workload, which owns nothing.',
    ],
    [
      'a creator whom nobody knows',
      event('credential.born', { data: { creator: { kind: 'unresolved', arn: ROLE } } }),
      'as CloudTrail says; who that is, is not known.',
    ],
    [
      'a key known by its slot before',
      event('finding.opened', { data: { alias: 'x/slot-1' } }),
      'It was known as x/slot-1 before its id was read.',
    ],
    [
      'a plan, who approved it, and a slot of the caps',
      event('step.intended', {
        approvals: [
          { actor: person('bo'), at: NOW },
          { actor: person('cy'), at: NOW },
        ],
        data: { planId: 'plan/1/2', capSlot: 7 },
      }),
      'tier routine, as plan/1/2 allows, approved by bo and cy, taking slot 7 under the caps',
    ],
    [
      'an outcome found by looking',
      event('step.done', { data: { reconciled: true } }),
      'found so by looking at AWS, after the answer was lost',
    ],
    [
      'a deletion and its recovery',
      event('step.done', { data: { change: 'delete', recoverableUntil } }),
      'It was deleted under rule access-key-unused (seen so by reading AWS afterwards); it can be recovered until 2026-11-14',
    ],
    [
      'a plan frozen by a cap',
      event('plan.frozen', { data: { frozenBecause: 'cap' } }),
      'because a cap on steps within 24 hours was reached',
    ],
    [
      'a notice that announces nothing',
      event('owner.notified', { data: { announces: undefined } }),
      'no step was announced',
    ],
    [
      'an incomplete sweep that only observed',
      event('sweep.finished', { data: { enforce: false, complete: false, problems: 2 } }),
      'observing; 120 credentials judged (keep 100, act 20); the reading was incomplete with 2 problems',
    ],
    [
      'the first activation',
      event('policy.activated', { approvals: [], data: { first: true } }),
      'It is the first one',
    ],
    ['a halt of everything', event('halt.placed', { data: { target: 'all' } }), 'cy halted everything'],
    [
      'G19: an outside party',
      event('hold.placed', { actor: person('zoe', { outsideParty: 'acme' }) }),
      'zoe of outside party acme placed',
    ],
    [
      'G13: an exception, which holds what it names',
      event('hold.placed', {
        data: { kind: 'exception', rules: ['a', 'b'], ref: { kind: 'exception', id: 'request-0001' } },
      }),
      'hold-1 for exception request-0001 until 2026-11-14 09:00 UTC, because it is needed for the audit (ticket OPS-7); rules a and b may not tell its owner, rotate it, disable it or delete it while the hold is in force; other rules go on.',
    ],
    [
      'I18: a challenge that nobody decided',
      event('hold.placed', { data: { kind: 'challenge', rules: ['a'], steps: ['delete'] } }),
      '; rule a may not delete it while the hold is in force; other rules go on.',
    ],
    [
      'a hold on a step of every rule',
      event('hold.placed', { data: { steps: ['rotate', 'delete'] } }),
      '; no rule may rotate it or delete it while the hold is in force.',
    ],
    [
      'a session name that was only claimed',
      event('hold.lifted', { actor: { kind: 'unresolved', arn: 'arn:x', claimed: 'ana' } }),
      'arn:x (claims ana) lifted',
    ],
  ] as const;
  it.each(cases)('%s', (_what, each, part) => {
    expect(sentenceOf(each)).toContain(part);
  });
});
