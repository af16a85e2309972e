import type { Actor } from '../domain/actor.ts';
import {
  type Challenge,
  type ChallengeState,
  challengeState,
  foldChallenge,
  mayNotDecide,
} from '../domain/challenge.ts';
import type { LedgerEvent } from '../domain/event.ts';
import { type Exception, exceptionState, foldException } from '../domain/exception.ts';
import {
  foldRequest,
  hasApproved,
  isParty,
  type Request,
  type RequestState,
  requestState,
} from '../domain/request.ts';
import type { RequestRules } from '../domain/request-rules.ts';
import type { Instant } from '../domain/time.ts';
import type { AskedAsItStands } from '../domain/told.ts';
import type { ToldAbout } from '../domain/told-events.ts';

/** What a person is to be told, about what as it stands. */
export type Telling = { readonly about: ToldAbout; readonly recipient: string } & AskedAsItStands;

type Recipients = readonly (readonly [ToldAbout, readonly string[]])[];

/** Whom a chain at this instant has something to be told of, told already or not. Of other chains: nobody. */
export function tellingsOf(
  subject: string,
  events: readonly LedgerEvent[],
  rules: RequestRules,
  now: Instant,
): Telling[] {
  const [kind, ...rest] = subject.split('#');
  const id = rest.join('#');
  const request = kind === 'request' ? foldRequest(events) : undefined;
  if (request !== undefined) {
    const state = requestState(request, now);
    const what = { kind: 'request', id, record: request, state } as const;
    return each(ofRequest(request, state, rules)).map((told) => ({ ...what, ...told }));
  }
  const exception = kind === 'exception' ? foldException(events) : undefined;
  if (exception !== undefined) {
    const what = { kind: 'exception', id, record: exception, state: exceptionState(exception, now) } as const;
    return each(ofException(exception)).map((told) => ({ ...what, ...told }));
  }
  const challenge = kind === 'challenge' ? foldChallenge(events) : undefined;
  if (challenge === undefined) return [];
  const what = { kind: 'challenge', id, record: challenge, state: challengeState(challenge, now) } as const;
  return each(ofChallenge(challenge, what.state, rules)).map((told) => ({ ...what, ...told }));
}

function each(recipients: Recipients): { readonly about: ToldAbout; readonly recipient: string }[] {
  return recipients.flatMap(([about, persons]) =>
    [...new Set(persons)].map((recipient) => ({ about, recipient })),
  );
}

/**
 * While it is pending, everybody who may approve it and has not; later, who asked, is served or answers for it, but for the
 * person who ended it. What the policy denied was answered when it was asked, and what it approved by itself only has an
 * outcome.
 */
function ofRequest(request: Request, state: RequestState, rules: RequestRules): Recipients {
  const { admission, end, approvals } = request;
  if (admission === undefined) return [];
  if (state === 'pending') {
    const approvers = admission.tier === 'routine' ? [] : rules.approvals[admission.tier].members;
    return [['pending', approvers.filter((person) => mayApprove(request, person))]];
  }
  if (end !== undefined)
    return [['outcome', concerned(request).filter((person) => person !== end.by.person)]];
  const isApproved = (state === 'approved' || state === 'executing') && approvals.length > 0;
  return isApproved ? [['approved', concerned(request)]] : [];
}

function mayApprove(request: Request, id: string): boolean {
  const person: Actor = { kind: 'person', arn: '', person: id };
  return !isParty(request, person) && !hasApproved(request, person);
}

function concerned({ requester, content, admission }: Request): string[] {
  const actors = [requester.actor, ...requester.onBehalfOf].map(({ person }) => person);
  const persons = [...actors, requester.sponsor, content.beneficiary, content.businessOwner];
  return present([...persons, ...(admission?.beneficiaries ?? [])]);
}

/** Its beginning is the outcome of its request, and being renewed that of another. */
function ofException({ end, parties, businessOwner, owner, requestedBy }: Exception): Recipients {
  if (end === undefined || end.state === 'renewed') return [];
  const persons = present([requestedBy.person, ...parties, businessOwner, owner]);
  return [['outcome', persons.filter((person) => person !== end.by.person)]];
}

function ofChallenge(challenge: Challenge, state: ChallengeState, { challenges }: RequestRules): Recipients {
  const { openedBy, notBy, end } = challenge;
  const concerning = notBy.filter((person) => person !== openedBy.person);
  if (end !== undefined) {
    const persons = present([openedBy.person, ...notBy]);
    return [['outcome', persons.filter((person) => person !== end.by.person)]];
  }
  if (state !== 'open') return [];
  const deciders = challenges.members.filter(
    (person) => !mayNotDecide(challenge, { kind: 'person', arn: '', person }),
  );
  return [
    ['pending', deciders],
    ['opened', concerning],
  ];
}

function present(persons: readonly (string | undefined)[]): string[] {
  return persons.filter((person) => person !== undefined);
}
