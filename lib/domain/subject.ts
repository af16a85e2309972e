/**
 * What a chain of events is about. The prefix before `#` separates writers (dynamodb:LeadingKeys).
 * credential#<id>        findings, notices told, intents, outcomes and holds of one credential
 * plans#<account>        frozen plans and their approvals      notices#<account>  digests and their delivery
 * rotations#<account>    whether rotations may begin there
 * sweep#<account>        finished sweeps                       lease#<account>    who sweeps it now
 * cap#<account>          claimed slots                         cap#organisation   the same for all accounts
 * run#<instant or id>    runs over all accounts
 * halt#organisation      halts of everything, an account or a rule
 * policy#activation      which policy version may act
 * request#<client's id>  what was asked for and came of it
 * exception#<request id> an exemption from rules       challenge#<id>        an objection to a step or an exception
 * grant#<client's id>    break-glass access            grant#uses/<person>/<role>  what of it is not reviewed yet
 * grant#incident/<id>    such access without a grant, or a use of the last resort
 * grant#drift/<account>  break-glass roles that are not as they have to be
 */
export const subjects = {
  credential: (id: string) => `credential#${id}`,
  plans: (accountId: string) => `plans#${accountId}`,
  rotations: (accountId: string) => `rotations#${accountId}`,
  notices: (accountId: string) => `notices#${accountId}`,
  sweep: (accountId: string) => `sweep#${accountId}`,
  lease: (accountId: string) => `lease#${accountId}`,
  cap: (accountId: string) => `cap#${accountId}`,
  organisationCap: 'cap#organisation',
  run: (instantOrId: string) => `run#${instantOrId}`,
  halts: 'halt#organisation',
  activation: 'policy#activation',
  request: (id: string) => `request#${id}`,
  exception: (id: string) => `exception#${id}`,
  challenge: (id: string) => `challenge#${id}`,
  grant: (id: string) => `grant#${id}`,
  grantUses: (person: string, role: string) => `grant#uses/${person}/${role}`,
  grantIncident: (id: string) => `grant#incident/${id}`,
  grantDrift: (accountId: string) => `grant#drift/${accountId}`,
} as const;

/** The credential id of a credential subject, or undefined. */
export function credentialOfSubject(subject: string): string | undefined {
  return subject.startsWith('credential#') ? subject.slice('credential#'.length) : undefined;
}

/** The grant id of a grant's subject, or undefined. */
export function grantOfSubject(subject: string): string | undefined {
  return /^grant#([A-Za-z0-9_-]+)$/.exec(subject)?.[1];
}

/** The id of an incident's subject, or undefined. */
export function incidentOfSubject(subject: string): string | undefined {
  return /^grant#incident\/([A-Za-z0-9_-]+)$/.exec(subject)?.[1];
}

/** `plan/<account>/<sequence>`: the sequence of its `plan.frozen` event, so that it is unique and short to type. */
export function planId(accountId: string, seq: number): string {
  return `plan/${accountId}/${seq}`;
}

export function accountOfPlan(id: string): string | undefined {
  return /^plan\/(\d{12})\/\d+$/.exec(id)?.[1];
}

export function noticeId(accountId: string, seq: number): string {
  return `notice/${accountId}/${seq}`;
}

export function accountOfNotice(id: string): string | undefined {
  return /^notice\/(\d{12})\/\d+$/.exec(id)?.[1];
}
