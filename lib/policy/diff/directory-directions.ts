import type { Policy } from '../policy.ts';
import { ELEMENT } from './compare.ts';
import { always, changes, type DirectionRow, date, loosens, presence, tightens } from './direction.ts';

/** Groups that decide about something, by either version, or of which the members may ask for what others may not. */
function decidingGroups({ document: { approvals, requests, breakGlass } }: Policy): string[] {
  return [
    approvals.guarded.group,
    approvals.critical.group,
    approvals.policy.group,
    ...requests.approvers.map(({ group }) => group),
    ...requests.eligible.flatMap(({ groups }) => groups ?? []),
    ...(requests.challenges.group === undefined ? [] : [requests.challenges.group]),
    ...(breakGlass === undefined ? [] : breakGlassGroups(breakGlass)),
  ];
}

function breakGlassGroups({
  emergencyGroup,
  roles,
  emergencyIdentities,
}: NonNullable<Policy['document']['breakGlass']>): string[] {
  return [
    emergencyGroup,
    ...roles.flatMap(({ eligible, approvers, reviewers }) =>
      [...eligible, approvers ?? [], reviewers].flat(),
    ),
    ...emergencyIdentities.map(({ reviewers }) => reviewers),
  ];
}

/** What each key of directory.yaml does when it changes. */
export function directoryDirections(before: Policy, after: Policy): DirectionRow[] {
  const deciding = new Set([...decidingGroups(before), ...decidingGroups(after)]);
  const members = [...deciding].map(
    (group): DirectionRow => [
      ['groups', group, 'members', ELEMENT],
      presence(
        loosens('one more person decides, or may ask'),
        tightens('one person less decides, or may ask'),
      ),
    ],
  );
  return [...members, ...OTHERS];
}

const OTHERS: readonly DirectionRow[] = [
  [
    `people.*.principals.${ELEMENT}`,
    presence(
      loosens('whoever signs as this counts as the person'),
      tightens('whoever signs as this no longer counts as the person'),
    ),
  ],
  [
    'people.*.leftOn',
    presence(
      tightens('owns, approves and receives nothing from that day on'),
      loosens('counts as one of us again'),
      date(loosens('counts as one of us for longer'), tightens('counts as one of us for less long')),
    ),
  ],
  ['people.*.mail', always(changes('notices go elsewhere'))],
  ['people.*', presence(changes('somebody more who counts'), changes('somebody who no longer counts'))],
  ['groups.*', presence(changes('a group more'), changes('a group less'))],
  [`groups.*.members.${ELEMENT}`, always(changes('who is in the group'))],
  ['groups.*.mail', always(changes('notices go elsewhere'))],
  [
    'externalParties.*',
    presence(
      loosens('its principals are no strangers any more, and may ask'),
      tightens('its principals are strangers'),
    ),
  ],
  [
    'externalParties.*.contractEnds',
    date(loosens('its contract counts for longer'), tightens('its contract counts for less long')),
  ],
  [
    'agents.*',
    presence(
      changes('what signs as it is an agent and nobody else'),
      loosens('what signs as it is no agent any more, and its limits are gone'),
    ),
  ],
  [
    'agents.*.sponsor',
    presence(
      loosens('it may ask for what needs approval'),
      tightens('it asks for what is routine only'),
      always(changes('somebody else answers for it')),
    ),
  ],
  [
    `agents.*.principals.${ELEMENT}`,
    presence(
      changes('what signs as this is the agent and nobody else'),
      loosens('what signs as this is no agent any more'),
    ),
  ],
  ['accounts.*.ou', always(changes('what names organisational units counts or no longer counts there'))],
  [
    `emergencyIdentities.${ELEMENT}`,
    // Both ways something is lost: reach, or the certainty that nothing happens to it.
    presence(
      loosens('no rule touches what is its any more'),
      loosens('it is protected no longer: rules may touch what is its'),
    ),
  ],
];
