import { TIERS } from '../../domain/step.ts';
import { ELEMENT } from './compare.ts';
import {
  always,
  amount,
  changes,
  type Direction,
  type DirectionRow,
  duration,
  loosens,
  presence,
  rank,
  tightens,
} from './direction.ts';

const ROLE = 'breakGlass.roles.*';
const IDENTITY = 'breakGlass.emergencyIdentities.*';

const more = (what: string): Direction => presence(loosens(what), tightens(`no longer: ${what}`));
const review = changes('other people review its use');
const truth: Direction = (before, after) => {
  if (before === after) return changes('the same');
  return after === true
    ? loosens('it may open shells, which outlive credentials')
    : tightens('it opens no shells any more');
};
const onCall = presence(
  tightens('whoever is eligible has to be on call as well'),
  loosens('whoever is eligible need not be on call any more'),
);

/** What each key of `breakGlass` does when it changes. */
export const BREAK_GLASS_DIRECTIONS: readonly DirectionRow[] = [
  ['breakGlass', presence(loosens('roles may be taken in an emergency'), tightens('no role may be taken'))],
  ['breakGlass.emergencyGroup', always(changes('others may go ahead when nobody can say who is on call'))],
  [
    'breakGlass.shortestReason',
    amount(tightens('a reason has to say more'), loosens('a reason may say less')),
  ],
  [ROLE, presence(loosens('one role more may be taken'), tightens('it may be taken no longer'))],
  [`${ROLE}.why`, always(changes('what it is for, in words'))],
  [`${ROLE}.accounts.${ELEMENT}`, more('it may be taken in this account')],
  [`${ROLE}.permissions.managedPolicies.${ELEMENT}`, more('it may do what this policy allows')],
  [`${ROLE}.permissions.statements.${ELEMENT}`, more('it may do this')],
  [`${ROLE}.eligible.${ELEMENT}`, more('members of this group may have it')],
  [`${ROLE}.onCall`, onCall],
  [`${ROLE}.onCall.people`, always(changes('it stands elsewhere who is on call'))],
  [`${ROLE}.onCall.people.${ELEMENT}`, more('this person counts as on call, always')],
  [`${ROLE}.onCall.schedule`, always(changes('it stands elsewhere who is on call'))],
  [`${ROLE}.onCall.schedule.${ELEMENT}`, more('this person counts as on call at these hours')],
  [`${ROLE}.onCall.http`, always(changes('it stands elsewhere who is on call'))],
  [`${ROLE}.onCall.http.url`, always(changes('another system says who is on call'))],
  [
    `${ROLE}.onCall.http.timeoutSeconds`,
    amount(
      tightens('a slow answer still counts, before the emergency group may go ahead'),
      loosens('a slow answer counts no longer, and the emergency group may go ahead sooner'),
    ),
  ],
  [
    `${ROLE}.onCall.http.ifUnknown`,
    rank(
      ['nobody', 'emergency-group'],
      loosens('the emergency group may go ahead without an answer'),
      tightens('without an answer nobody may go ahead'),
    ),
  ],
  [`${ROLE}.longest`, duration(loosens('a grant may last longer'), tightens('a grant ends sooner'))],
  [
    `${ROLE}.tier`,
    rank(
      TIERS,
      tightens('more others have to approve before'),
      loosens('fewer others, or none, have to approve before'),
    ),
  ],
  [`${ROLE}.approvers`, always(changes('other people approve'))],
  [`${ROLE}.reviewers`, always(review)],
  [
    `${ROLE}.reviewWithin`,
    duration(
      loosens('a review may come later, before the next use takes a second person'),
      tightens('a review has to come sooner'),
    ),
  ],
  [`${ROLE}.sessionManager`, truth],
  [
    IDENTITY,
    presence(
      // Both ways something is lost: reach, or the certainty that nothing happens to it.
      loosens('no rule touches what is its any more; its use is found and reviewed'),
      loosens('it is protected no longer: rules may touch what is its, and nobody reviews its use'),
    ),
  ],
  [`${IDENTITY}.why`, always(changes('what it is kept for, in words'))],
  [`${IDENTITY}.custodians`, always(changes('others can get at it, and may not review its use'))],
  [`${IDENTITY}.reviewers`, always(review)],
];
