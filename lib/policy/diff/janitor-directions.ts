import { BREAK_GLASS_DIRECTIONS } from './break-glass-directions.ts';
import { ELEMENT } from './compare.ts';
import {
  always,
  amount,
  changes,
  type DirectionRow,
  duration,
  loosens,
  presence,
  rank,
  tightens,
} from './direction.ts';
import { matchDirections } from './match-directions.ts';

const TIERS_DOWN = ['critical', 'guarded', 'routine'];
const tier = rank(
  TIERS_DOWN,
  loosens('fewer people, or none, have to agree'),
  tightens('more people have to agree'),
);
const quorum = amount(
  tightens('more different persons have to approve'),
  loosens('fewer different persons have to approve'),
);
const decides = changes('other people decide');
const wait = duration(
  tightens('the owner has more time to object'),
  loosens('the owner has less time to object'),
);
const more = loosens('the janitor may do more within a day');
const less = tightens('the janitor may do less within a day');
const added = loosens('the janitor may do this from now on, within its guards');
const removed = tightens('the janitor does this no longer');
const longerAhead = loosens('requests may end later');
const lessAhead = tightens('requests have to end sooner');
const routine = duration(
  loosens('more is pre-approved, without any person'),
  tightens('less is pre-approved'),
  0,
);
const window = presence(
  tightens('rotations begin at these hours only'),
  loosens('rotations may begin at any hour'),
  always(changes('rotations begin at other hours')),
);

const APPROVALS: readonly DirectionRow[] = ['guarded', 'critical', 'policy'].flatMap(
  (name): DirectionRow[] => [
    [`approvals.${name}.group`, always(decides)],
    [`approvals.${name}.quorum`, quorum],
  ],
);

const STEPS: readonly DirectionRow[] = ['rotate', 'disable', 'delete'].flatMap((step): DirectionRow[] => [
  [`rules.*.steps.${step}`, presence(added, removed)],
  [`rules.*.steps.${step}.wait`, wait],
  [`rules.*.steps.${step}.tier`, tier],
  [`rules.*.steps.${step}.window`, window],
]);

const OWN_LIMIT = changes('what is pre-approved about this rule has a limit of its own');
const COMMON_LIMIT = changes('what is pre-approved about this rule has the limit of all rules');

const RULES: readonly DirectionRow[] = [
  [
    'rules.*',
    presence(
      tightens('a rule more; it acts only where enforce names it'),
      loosens('nothing judges these credentials by it any more'),
    ),
  ],
  [
    'rules.*.reviewEvery',
    duration(loosens('the rule is reviewed less often'), tightens('the rule is reviewed more often')),
  ],
  [
    'rules.*.reviewedOn',
    always(changes('says that somebody reviewed the rule; a later date lets it act longer')),
  ],
  ['rules.*.owner', always(changes('somebody else answers for the rule'))],
  [
    'rules.*.exclude',
    presence(
      loosens('the rule lets these credentials be'),
      tightens('the rule lets no credential be any more'),
    ),
  ],
  ...matchDirections(
    'rules.*.match',
    tightens('more credentials match, and its steps reach them'),
    loosens('fewer credentials match'),
  ),
  ...matchDirections(
    'rules.*.exclude',
    loosens('more credentials are excluded'),
    tightens('fewer credentials are excluded, and its steps reach them'),
  ),
  ...STEPS,
  ['rules.*.requests', presence(OWN_LIMIT, COMMON_LIMIT)],
  ['rules.*.requests.routineUpTo', presence(OWN_LIMIT, COMMON_LIMIT, routine)],
];

const REQUESTS: readonly DirectionRow[] = [
  ['requests.kinds.*.tier', tier],
  ['requests.kinds.*.longest', duration(longerAhead, lessAhead)],
  ['requests.routine.*', routine],
  [
    `requests.eligible.${ELEMENT}`,
    always(changes('who may ask is another question; the first entry that fits counts')),
  ],
  [
    `requests.approvers.${ELEMENT}`,
    always(changes('who approves is another question; the first entry that fits counts')),
  ],
  [
    'requests.pending',
    duration(loosens('what nobody answers stays open longer'), tightens('what nobody answers lapses sooner')),
  ],
  [
    'requests.finish',
    duration(
      loosens('what was approved may be done later'),
      tightens('what was approved is done sooner or fails'),
    ),
  ],
  [
    'requests.exemptAtMost',
    duration(
      loosens('exceptions may exempt for longer in all'),
      tightens('exceptions exempt for less long in all'),
    ),
  ],
  ['requests.challenges.group', always(decides)],
  [
    'requests.challenges.decideWithin',
    always(changes('how long a challenged step waits, and a challenged exception may go on')),
  ],
  [
    'requests.tickets.pattern',
    presence(tightens('references of tickets are checked'), loosens('any reference of a ticket will do')),
  ],
  [
    'requests.tickets.system',
    presence(tightens('tickets are looked up'), loosens('tickets are not looked up any more')),
  ],
];

/** What each key of janitor.yaml does when it changes; keys that are not here have no known direction. */
export const JANITOR_DIRECTIONS: readonly DirectionRow[] = [
  [
    'mode',
    rank(
      ['observe', 'enforce'],
      loosens('what enforce names acts from now on'),
      tightens('nothing acts any more, everything is only recorded'),
    ),
  ],
  [
    `enforce.${ELEMENT}`,
    presence(loosens('its steps act there from now on'), tightens('its steps only observe there')),
  ],
  ['limits.*', amount(more, less)],
  ['riskOwner', always(changes('somebody else carries the risk that is left'))],
  ...APPROVALS,
  [
    'plans.validFor',
    duration(
      loosens('what was approved may run for longer'),
      tightens('what was approved may run for less long'),
    ),
  ],
  [
    'restoreHold',
    duration(
      tightens('what was restored is left alone for longer'),
      loosens('what was restored is left alone for less long'),
    ),
  ],
  [
    'evidence.maxAge',
    duration(loosens('older evidence is believed'), tightens('only newer evidence is believed')),
  ],
  [
    'evidence.lastUsedLag',
    duration(
      tightens('proof of disuse ends earlier'),
      loosens('proof of disuse reaches closer to what AWS may not have shown yet'),
    ),
  ],
  [
    'inventory.regions',
    presence(loosens('only these Regions are read'), tightens('all enabled Regions are read')),
  ],
  [
    `inventory.regions.${ELEMENT}`,
    presence(tightens('this Region is read, too'), loosens('this Region is not read any more')),
  ],
  [
    'inventory.fullReadEvery',
    duration(loosens('everything is read less often'), tightens('everything is read more often')),
  ],
  [
    'lifetime.*',
    presence(
      tightens('they are labelled with an end'),
      loosens('they are labelled with no end'),
      duration(
        loosens('they are labelled with a later end'),
        tightens('they are labelled with an earlier end'),
      ),
    ),
  ],
  ['rotation.perAccountPerDay', amount(more, less)],
  ['rotation.window', window],
  [
    'rotation.spreadOver',
    duration(tightens('rotations are spread over more time'), loosens('more rotations come at once')),
  ],
  [
    'rotation.stores.compareIds',
    always(changes('whether janitor rotate may look into the values of secrets')),
  ],
  [`rotation.deliveries.${ELEMENT}`, always(changes('who receives the new key of a user'))],
  ...REQUESTS,
  ...BREAK_GLASS_DIRECTIONS,
  [
    `protect.${ELEMENT}`,
    // Both ways something is lost: reach, or the certainty that nothing happens to them.
    presence(
      loosens('no rule touches these any more'),
      loosens('they are protected no longer: rules may touch them'),
    ),
  ],
  ...RULES,
];
