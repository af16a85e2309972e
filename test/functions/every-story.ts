import {
  askedFromElsewhere,
  carriedOut,
  delegated,
  excepted,
  groundless,
  leftAlone,
  ticketed,
} from './asking-stories.ts';
import type { HubWorld } from './hub-world.ts';
import { lent, lentToTheEnd, usedWithoutGrant } from './lending-stories.ts';
import type { PolicyChoices } from './policy-folder.ts';
import {
  rotatedByFunction,
  rotatedBySweep,
  rotatedForSomebody,
  rotatedWhileStumbling,
  rotationBroken,
} from './rotation-stories.ts';
import {
  actedAgain,
  bornTagged,
  bounced,
  decided,
  enforcedLife,
  inSmallParts,
  noticeFinished,
  observed,
  planLapsed,
  policyChanged,
  recovered,
  restored,
  stumbled,
} from './stories.ts';

export interface Story {
  readonly title: string;
  readonly policy?: PolicyChoices;
  readonly tell: (world: HubWorld) => Promise<unknown>;
}

/** Every run that the rights of functions are held against. */
export const STORIES: readonly Story[] = [
  { title: 'a life from label to deletion', tell: enforcedLife },
  { title: 'an observing run over all Regions', policy: { regions: null, enforced: [] }, tell: observed },
  { title: 'what owners get back', tell: restored },
  { title: 'newborns are labelled', tell: bornTagged },
  { title: 'newborns are labelled where rules rotate', policy: { rotates: true }, tell: bornTagged },
  { title: 'a mail bounces', tell: bounced },
  { title: 'people halt, resume and reject', tell: decided },
  { title: 'a crash between intent and outcome, settled by the next run', tell: recovered },
  { title: 'a crash between intent and outcome, settled by the same run', tell: actedAgain },
  {
    title: 'a crash between preparing a notice and its delivery',
    tell: (world) => noticeFinished(world, 'notice.prepared'),
  },
  {
    title: 'a crash between the delivery of a notice and its record',
    tell: (world) => noticeFinished(world, 'notice.accepted'),
  },
  { title: 'a plan lapses', tell: planLapsed },
  { title: 'the policy changes in the middle', tell: policyChanged },
  { title: 'one step a call', tell: (world) => inSmallParts(world) },
  { title: 'lost answers and failing Puts', tell: stumbled },
  { title: 'the rotation function rotates, and a value is refused', tell: rotatedByFunction },
  { title: 'the rotation function stumbles', tell: rotatedWhileStumbling },
  { title: 'a sweep rotates', policy: { rotates: true }, tell: rotatedBySweep },
  { title: 'a rotation breaks', policy: { rotates: true }, tell: rotationBroken },
  { title: 'an exception from its request to its revocation', tell: excepted },
  { title: 'an exception that lost its ground', tell: groundless },
  { title: 'an exception that stands on a ticket', tell: ticketed },
  { title: 'somebody asks through a pipeline', tell: delegated },
  { title: 'what nobody answers ends', tell: leftAlone },
  { title: 'a restoration and a plan by request', tell: carriedOut },
  {
    title: 'a pipeline of a member, and keys rotated by request',
    policy: { rotates: true },
    tell: askedFromElsewhere,
  },
  { title: 'somebody has keys rotated', policy: { rotates: true }, tell: rotatedForSomebody },
  { title: 'a role is lent, given back and reviewed', policy: { lends: true }, tell: lent },
  { title: 'a role is lent until its end', policy: { lends: true }, tell: lentToTheEnd },
  { title: 'a role is used without a grant', policy: { lends: true }, tell: usedWithoutGrant },
];
