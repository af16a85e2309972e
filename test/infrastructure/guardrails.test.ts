import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { accessKeyLabels, LABEL_PREFIX, secretLabels } from '../../lib/domain/label.ts';
import { MANAGED_TAG, STORE_KEY_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import {
  deployedNames,
  FUNCTION_NAMES,
  MEMBER_PURPOSES,
  MEMBER_ROLE_PATH,
  type MemberPurpose,
} from '../../lib/infrastructure/names.ts';
import { hubTemplate, resourcesOf } from './synthesised.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'docs', 'service-control-policies');
const documents = readdirSync(folder).filter((file) => file.endsWith('.json'));
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

const strings = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const schema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().regex(/^[A-Za-z0-9]+$/),
      Effect: z.literal('Deny'),
      Action: strings,
      Resource: strings,
      Condition: z.record(z.string(), z.record(z.string(), strings)).optional(),
    }),
  ),
});
const statements = (file: string) => schema.parse(JSON.parse(read(file))).Statement;

/** Whether an ARN pattern covers an ARN. */
function covers(patterns: readonly string[], arn: string): boolean {
  const literal = (text: string) => text.replaceAll(/[.$+?()[\]{}|\\^/]/g, String.raw`\$&`);
  const asRegExp = (pattern: string) => new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`);
  return patterns.some((pattern) => asRegExp(pattern).test(arn));
}

const template = await hubTemplate();
const names = deployedNames();

describe('service control policies', () => {
  it.each(documents)('%s only denies, is explained, and is within the limit of 5,120 characters', (file) => {
    expect(statements(file).length).toBeGreaterThan(0);
    expect(JSON.stringify(JSON.parse(read(file))).length).toBeLessThanOrEqual(5_120);
    expect(read('README.md')).toContain(`(${file})`);
  });

  it('G7 the ledger as the stack names it can be changed by nobody, and added to by functions alone', () => {
    const [id] = resourcesOf(template, 'AWS::DynamoDB::Table').map(([each]) => each);
    const ledger = `arn:aws:dynamodb:eu-central-1:999988887777:table/CredentialJanitor-${id}-1ABC`;
    const about = statements('protect-hub.json').filter(({ Resource }) => covers(Resource, ledger));
    const always = about.filter(({ Condition }) => Condition === undefined).flatMap(({ Action }) => Action);
    expect(always).toEqual(
      expect.arrayContaining(['dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:DeleteTable']),
    );
    const appending = about.find(({ Action }) => Action.includes('dynamodb:PutItem'));
    const exempt = appending?.Condition?.ArnNotLike?.['aws:PrincipalArn'] ?? [];
    for (const name of FUNCTION_NAMES) {
      expect(covers(exempt, `arn:aws:iam::999988887777:role/${names.functionName(name)}`)).toBe(true);
    }
    expect(covers(exempt, 'arn:aws:iam::999988887777:role/Administrator')).toBe(false);
  });

  it.each([
    [
      'a function',
      `arn:aws:lambda:eu-central-1:999988887777:function:${names.functionName('answer-requests')}`,
    ],
    ['a role', `arn:aws:iam::999988887777:role/${names.functionName('answer-requests')}`],
    ['the workflow', `arn:aws:states:eu-central-1:999988887777:stateMachine:${names.stateMachine}`],
    ['the schedule', `arn:aws:scheduler:eu-central-1:999988887777:schedule/default/${names.schedule}`],
    [
      'the end of a grant',
      `arn:aws:scheduler:eu-central-1:999988887777:schedule/${names.endSchedules}/grant-1`,
    ],
    ['the bus', `arn:aws:events:eu-central-1:999988887777:event-bus/${names.bus}`],
    ['the API', 'arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5/stages/api'],
    ['a rule', `arn:aws:events:eu-central-1:999988887777:rule/${names.prefix}-births`],
    ['a bucket', 'arn:aws:s3:::credentialjanitor-storesevidencebucket-1abc'],
  ])('%s of the hub is changed by deployments alone', (_name, arn) => {
    const change = statements('protect-hub.json').find(({ Sid }) => Sid === 'OnlyDeploymentsChangeTheHub');
    expect(covers(change?.Resource ?? [], arn)).toBe(true);
  });

  it('keys are recognised by the tag the stack gives them', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::KMS::Key')) {
      expect(Properties.Tags).toEqual([{ Key: 'credential-janitor', Value: 'credential-janitor' }]);
    }
    expect(read('protect-hub.json')).toContain('aws:ResourceTag/credential-janitor');
  });

  it('member roles, their boundary and the forwarding are changed by StackSets alone', () => {
    const [roles, ended, forwarding] = statements('protect-member-roles.json');
    for (const arn of [
      `arn:aws:iam::111122223333:role${MEMBER_ROLE_PATH}${names.memberRole('delete')}`,
      `arn:aws:iam::111122223333:policy${MEMBER_ROLE_PATH}${names.memberBoundary}`,
      `arn:aws:iam::111122223333:policy${MEMBER_ROLE_PATH}${names.endingBoundary}`,
      'arn:aws:iam::111122223333:role/janitor/break-glass/administrator',
      'arn:aws:iam::111122223333:policy/janitor/break-glass/boundary-with-shells',
    ]) {
      expect(covers(roles?.Resource ?? [], arn)).toBe(true);
    }
    for (const name of [names.forwardingRule, names.forwarding('break-glass')]) {
      const rule = `arn:aws:events:us-east-1:111122223333:rule/${name}`;
      expect(covers(forwarding?.Resource ?? [], rule)).toBe(true);
    }
    const policy = 'arn:aws:iam::111122223333:policy/janitor/break-glass/ended-grants';
    expect([roles, ended].map((each) => covers(each?.Resource ?? [], policy))).toEqual([false, true]);
    const exempt = ended?.Condition?.ArnNotLike?.['aws:PrincipalArn'] ?? [];
    const member = `arn:aws:iam::111122223333:role${MEMBER_ROLE_PATH}${names.memberRole('break-glass')}`;
    expect(covers(exempt, member)).toBe(true);
    expect(covers(exempt, 'arn:aws:iam::111122223333:role/Administrator')).toBe(false);
  });

  describe('tags of the janitor', () => {
    const [labels, choices] = statements('protect-labels.json');
    const patterns = (statement: typeof labels) =>
      statement?.Condition?.['ForAnyValue:StringLike']?.['aws:TagKeys'] ?? [];
    const exempt = (statement: typeof labels) => statement?.Condition?.ArnNotLike?.['aws:PrincipalArn'] ?? [];
    const member = (purpose: MemberPurpose) =>
      `arn:aws:iam::111122223333:role${MEMBER_ROLE_PATH}${names.memberRole(purpose)}`;
    const rotator = `arn:aws:iam::999988887777:role/${names.functionName('rotate-access-key')}`;

    it.each([
      ...Object.keys(accessKeyLabels('AKIAIOSFODNN7EXAMPLE', 'ana', '2027-01-01T00:00:00Z')),
      ...Object.keys(secretLabels('ana', '2027-01-01T00:00:00Z')),
      STORE_KEY_TAG,
    ])('the label %s is written by the roles to tag and to rotate alone', (key) => {
      expect(covers(patterns(labels), key)).toBe(true);
      const writers = [...MEMBER_PURPOSES.map(member), rotator].filter((arn) => covers(exempt(labels), arn));
      expect(writers).toEqual([member('tag'), member('rotate'), rotator]);
      expect(covers(exempt(labels), 'arn:aws:iam::111122223333:role/Developer')).toBe(false);
    });

    it.each([MANAGED_TAG, STORE_USER_TAG])(
      '%s says what is rotated, for whom: by deployments and administrators, and for deliveries by the role to rotate',
      (key) => {
        expect(covers(patterns(labels), key)).toBe(false);
        expect(covers(patterns(choices), key)).toBe(true);
        expect(MEMBER_PURPOSES.map(member).filter((arn) => covers(exempt(choices), arn))).toEqual([
          member('rotate'),
        ]);
        expect(covers(exempt(choices), 'arn:aws:iam::111122223333:role/Developer')).toBe(false);
      },
    );

    it('no tag of the janitor has another prefix', () => {
      for (const pattern of [...patterns(labels), ...patterns(choices)]) {
        expect(pattern.startsWith(LABEL_PREFIX)).toBe(true);
      }
    });
  });
});
