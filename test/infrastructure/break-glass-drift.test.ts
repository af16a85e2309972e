import { expect, it } from 'vitest';
import * as z from 'zod';
import {
  boundaryName,
  documentHash,
  drillDocuments,
  roleDocuments,
} from '../../lib/domain/break-glass-documents.ts';
import { breakGlassOf } from '../../lib/infrastructure/break-glass/deployed.ts';
import { loadPolicy } from '../../lib/policy/index.ts';
import { found, HUB, inHub, inMember, policiesIn, rolesIn } from './lending.ts';
import { LENDING } from './lending-policy.ts';

const variables = z.object({
  HUB_ACCOUNT: z.string(),
  ORGANIZATION_ID: z.string(),
  OWN_SECRETS: z.string(),
  RECONCILE_FUNCTION_ARN: z.string(),
  STACK_NAME: z.string(),
});
const functionSchema = z.object({ Environment: z.object({ Variables: variables }) });

/** What the reconciler is told of how the roles were made. */
const told = functionSchema.parse(
  inHub()
    .resources('AWS::Lambda::Function')
    .find(({ Properties }) => Properties.FunctionName === 'credential-janitor-reconcile-grants')?.Properties,
).Environment.Variables;

const lent = breakGlassOf(await loadPolicy(LENDING));
const accounts = [
  ['111122223333', inMember('111122223333')],
  ['444455556666', inMember('444455556666')],
  [HUB, inHub()],
] as const;

it.each(accounts)('what is deployed in %s is, to the word, what drift is told by', (accountId, deployed) => {
  const place = {
    partition: 'aws',
    accountId,
    hubAccount: told.HUB_ACCOUNT,
    prefix: /function:(.+)-reconcile-grants$/.exec(told.RECONCILE_FUNCTION_ARN)?.[1] ?? '',
    stackName: told.STACK_NAME,
    organizationId: told.ORGANIZATION_ID,
    ownSecrets: told.OWN_SECRETS.split(','),
  };
  const here = (lent?.roles ?? []).filter((role) => role.accounts.includes(accountId));
  const expected = [drillDocuments(place), ...here.map((role) => roleDocuments(place, role))];
  const roles = rolesIn(deployed);
  expect([...roles.keys()].toSorted()).toEqual(expected.map(({ name }) => name).toSorted());
  for (const each of expected) {
    const role = found(roles, each.name);
    expect(documentHash(role.AssumeRolePolicyDocument)).toBe(documentHash(each.trust));
    expect(role.PermissionsBoundary).toBe(each.boundaryArn);
    expect(role.ManagedPolicyArns).toEqual(each.managed);
    expect(role.Policies.map(({ PolicyDocument }) => documentHash(PolicyDocument))).toEqual(
      each.inline === undefined ? [] : [documentHash(each.inline)],
    );
    const boundary = boundaryName({ sessionManager: each.boundaryArn.endsWith('-with-shells') });
    expect(documentHash(found(policiesIn(deployed), boundary))).toBe(documentHash(each.boundary));
  }
});
