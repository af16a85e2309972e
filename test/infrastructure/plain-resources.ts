import type { GrantResources } from '../../lib/infrastructure/permissions/index.ts';

const role = (purpose: string) => [
  `arn:aws:iam::*:role/credential-janitor/credential-janitor-member-${purpose}`,
];

/** A hub with everything switched on, as plain ARNs. */
export const plainResources: GrantResources = {
  partition: 'aws',
  region: 'eu-central-1',
  dnsSuffix: 'amazonaws.com',
  account: '999988887777',
  ledgerTable: 'arn:aws:dynamodb:eu-central-1:999988887777:table/ledger',
  stateTable: 'arn:aws:dynamodb:eu-central-1:999988887777:table/state',
  proofTable: 'arn:aws:dynamodb:eu-central-1:999988887777:table/proofs',
  evidenceBucket: 'arn:aws:s3:::evidence',
  workBucket: 'arn:aws:s3:::work',
  recordKey: 'arn:aws:kms:eu-central-1:999988887777:key/record',
  operationsKey: 'arn:aws:kms:eu-central-1:999988887777:key/operations',
  topic: 'arn:aws:sns:eu-central-1:999988887777:operators',
  bus: 'arn:aws:events:eu-central-1:999988887777:event-bus/credential-janitor',
  deadLetters: 'arn:aws:sqs:eu-central-1:999988887777:dead-letters',
  mail: ['arn:aws:ses:eu-central-1:999988887777:identity/janitor@example.com'],
  memberRoles: {
    read: role('read'),
    tag: role('tag'),
    rotate: role('rotate'),
    quarantine: role('quarantine'),
    delete: role('delete'),
    'break-glass': role('break-glass'),
  },
  breakGlass: {
    roles: ['arn:aws:iam::*:role/janitor/break-glass/*'],
    endSchedules: 'arn:aws:scheduler:eu-central-1:999988887777:schedule/credential-janitor-grant-ends/*',
    endScheduleRole: 'arn:aws:iam::999988887777:role/credential-janitor-end-grants',
  },
  reach: { storeNames: ['/iam-users/*'], comparesIds: true, delivers: true },
  ticketToken: 'arn:aws:secretsmanager:eu-central-1:999988887777:secret:janitor/ticket-token-AbCdEf',
  onCallToken: 'arn:aws:secretsmanager:eu-central-1:999988887777:secret:janitor/on-call-token-AbCdEf',
  organizationId: 'o-exampleorgid',
};
