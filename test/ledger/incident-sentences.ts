const USER = 'arn:aws:iam::111122223333:user/vault/emergency';
const ROLE = 'arn:aws:iam::111122223333:role/janitor/break-glass/database-admin';

/** What an auditor reads of access that no grant explains, and of roles that somebody changed (G17). */
export const INCIDENT_SENTENCES = [
  [
    'incident.opened',
    `${USER} used ${USER}: it is an identity of the last resort, of which every use is reviewed. CloudTrail shows signin:ConsoleLogin in us-east-1 on 2026-10-15 08:59 UTC, from 192.0.2.7. To be reviewed by 2026-10-18 09:00 UTC.`,
  ],
  [
    'incident.observed',
    'CloudTrail shows iam:CreateUser in us-east-1 on 2026-10-15 08:59 UTC, from 192.0.2.7, too.',
  ],
  ['incident.explained', 'ana said that it was them, because the identity provider was down (ticket OPS-9).'],
  ['incident.told', 'cy was told of it.'],
  ['incident.reviewed', 'cy reviewed it and found nothing amiss, because the drill of the year.'],
  ['drift.found', `${ROLE} is not as it has to be: its trust is another one.`],
  ['drift.mended', `${ROLE} is again as it has to be.`],
] as const;
