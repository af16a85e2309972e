import * as iam from '@aws-sdk/client-iam';
import * as organizations from '@aws-sdk/client-organizations';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import {
  boundaryDocument,
  documentHash,
  drillDocuments,
  MOST_CHARACTERS,
  permissionDocument,
  roleDocuments,
  trustDocument,
} from '../../lib/domain/break-glass-documents.ts';
import { grantSummary, grantSummaryLines } from '../../lib/domain/break-glass-summary.ts';
import { HOUR_MS } from '../../lib/domain/time.ts';
import { PLACE as place } from '../builders/break-glass-place.ts';
import { allowedBy } from '../builders/evaluate-policy.ts';

const role = {
  name: 'database-admin',
  accounts: ['111122223333'],
  permissions: {
    managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    statements: [{ actions: ['rds:Reboot*'], resources: ['*'] }],
  },
  sessionManager: false,
  longestMs: HOUR_MS,
};
const withShells = { ...role, sessionManager: true };

/** Names of all operations of a client of the SDK. */
function operationsOf(client: object): string[] {
  return Object.keys(client).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);
}

/** Longest names that a configuration may choose. */
const longest = {
  ...place,
  partition: 'aws-us-gov',
  prefix: 'p'.repeat(32),
  stackName: 's'.repeat(100),
  organizationId: `o-${'x'.repeat(32)}`,
  ownSecrets: [`arn:aws-us-gov:secretsmanager:us-gov-west-1:999988887777:secret:${'t'.repeat(100)}-AbCdEf`],
};

describe('the boundary of break-glass roles', () => {
  const boundary = boundaryDocument(place, role);

  it('lets a grant change nothing in IAM, whatever operation IAM has', () => {
    const operations = operationsOf(iam);
    expect(operations.length).toBeGreaterThan(150);
    const allowed = operations.filter((name) => allowedBy(boundary, { action: `iam:${name}` }));
    expect(allowed.filter((name) => !/^(Get|List|Generate|Simulate)/.test(name))).toEqual([]);
    expect(allowed).toContain('GetRole');
  });

  it('lets a grant do nothing in AWS Organizations', () => {
    const allowed = operationsOf(organizations).filter((name) =>
      allowedBy(boundary, { action: `organizations:${name}` }),
    );
    expect(allowed).toEqual([]);
  });

  it('lets a grant only ask STS who it is', () => {
    const allowed = operationsOf(sts).filter((name) => allowedBy(boundary, { action: `sts:${name}` }));
    expect(allowed.toSorted()).toEqual([
      'DecodeAuthorizationMessage',
      'GetAccessKeyInfo',
      'GetCallerIdentity',
    ]);
  });

  it('opens shells only where the policy says so', () => {
    const shell = { action: 'ssm:StartSession' };
    expect(allowedBy(boundary, shell)).toBe(false);
    expect(allowedBy(boundaryDocument(place, withShells), shell)).toBe(true);
  });
});

describe('what a grant allows and denies', () => {
  it.each([
    ['without shells', role],
    ['with shells', withShells],
  ])('is told for each Deny of the boundary, and for nothing else: %s', (_case, each) => {
    const denied = boundaryDocument(place, each).Statement.flatMap(({ Effect, Sid }) =>
      Effect === 'Deny' ? [Sid] : [],
    );
    const { denies } = grantSummary(each);
    expect(denies.map(({ sid }) => sid)).toEqual(denied);
    const lines = grantSummaryLines(each);
    for (const { says } of denies) expect(lines).toContain(`  - ${says}`);
  });

  it('is told for each statement and managed policy', () => {
    expect(grantSummaryLines(role).slice(0, 4)).toEqual([
      'In 111122223333 it may:',
      '  + what the managed policy arn:aws:iam::aws:policy/AdministratorAccess allows',
      '  + rds:Reboot* on everything',
      'Whatever that allows, it may not:',
    ]);
  });

  it('says when it ends, and that shells outlive credentials', () => {
    expect(grantSummary(role).ends).toHaveLength(2);
    expect(grantSummary(withShells).ends.at(-1)).toContain('shells outlive credentials');
    expect(grantSummary(role).ends[0]).toContain('60 minutes');
  });
});

describe('documents', () => {
  it.each([
    ['trust', trustDocument(longest), MOST_CHARACTERS.trust],
    ['boundary', boundaryDocument(longest, role), MOST_CHARACTERS.managed],
    ['drill', drillDocuments(longest).inline, MOST_CHARACTERS.inline],
  ])('fit into IAM with the longest names: %s', (_name, document, most) => {
    expect(JSON.stringify(document).replaceAll(/\s/g, '').length).toBeLessThanOrEqual(most);
  });

  it('are the same by hash however IAM writes them, and another with one action less', () => {
    const written = permissionDocument(role);
    const hash = documentHash(written);
    const { Statement } = written ?? {};
    expect(documentHash({ Statement: Statement?.[0], Version: '2012-10-17' })).toBe(hash);
    const listed = { Effect: 'Allow', Action: 'rds:Reboot*', Resource: ['*'] };
    expect(documentHash({ Version: '2012-10-17', Statement: [listed] })).toBe(hash);
    expect(
      documentHash({
        Version: '2012-10-17',
        Statement: [{ ...listed, Action: ['rds:Reboot*', 'rds:Stop*'] }],
      }),
    ).not.toBe(hash);
    expect(documentHash(boundaryDocument(place, role))).not.toBe(
      documentHash(boundaryDocument(place, withShells)),
    );
  });

  it('of a role name its boundary and the policy of ended grants; a role without statements has no inline policy', () => {
    const { managed, boundaryArn, inline } = roleDocuments(place, role);
    expect(managed).toEqual([
      'arn:aws:iam::aws:policy/AdministratorAccess',
      'arn:aws:iam::111122223333:policy/janitor/break-glass/ended-grants',
    ]);
    expect(boundaryArn).toBe('arn:aws:iam::111122223333:policy/janitor/break-glass/boundary');
    expect(inline?.Statement).toHaveLength(1);
    const none = { managedPolicies: [], statements: [] };
    expect(roleDocuments(place, { ...role, permissions: none }).inline).toBeUndefined();
  });

  it('of the drill allow it to look at itself and no more', () => {
    expect(drillDocuments(place).inline?.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'iam:GetRole',
        Resource: 'arn:aws:iam::111122223333:role/janitor/break-glass/drill',
      },
      { Effect: 'Deny', NotAction: ['iam:GetRole'], Resource: '*' },
    ]);
  });

  it('of the drill deny what a policy of a bucket or a key would let everybody do', () => {
    const Resource = '*';
    const ofBucket = { Effect: 'Allow', Action: '*', Resource };
    const both = { Statement: [ofBucket, ...(drillDocuments(place).inline?.Statement ?? [])] };
    expect(allowedBy(both, { action: 's3:GetObject', resource: 'arn:aws:s3:::orders/1' })).toBe(false);
    expect(allowedBy(both, { action: 'iam:GetRole' })).toBe(true);
  });
});
