import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { LABEL_PREFIX } from '../../lib/domain/label.ts';
import { deployedNames, FUNCTION_NAMES, MEMBER_ROLE_PATH } from '../../lib/infrastructure/names.ts';
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
    ['a function', `arn:aws:lambda:eu-central-1:999988887777:function:${names.functionName('operate')}`],
    ['a role', `arn:aws:iam::999988887777:role/${names.functionName('operate')}`],
    ['the workflow', `arn:aws:states:eu-central-1:999988887777:stateMachine:${names.stateMachine}`],
    ['the schedule', `arn:aws:scheduler:eu-central-1:999988887777:schedule/default/${names.schedule}`],
    ['the bus', `arn:aws:events:eu-central-1:999988887777:event-bus/${names.bus}`],
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
    const [roles, forwarding] = statements('protect-member-roles.json');
    for (const arn of [
      `arn:aws:iam::111122223333:role${MEMBER_ROLE_PATH}${names.memberRole('delete')}`,
      `arn:aws:iam::111122223333:policy${MEMBER_ROLE_PATH}${names.memberBoundary}`,
    ]) {
      expect(covers(roles?.Resource ?? [], arn)).toBe(true);
    }
    const rule = `arn:aws:events:us-east-1:111122223333:rule/${names.forwardingRule}`;
    expect(covers(forwarding?.Resource ?? [], rule)).toBe(true);
  });

  it('labels are written by the tag role alone', () => {
    const [labels] = statements('protect-labels.json');
    expect(labels?.Condition).toEqual({
      'ForAnyValue:StringLike': { 'aws:TagKeys': [`${LABEL_PREFIX}*`] },
      ArnNotLike: {
        'aws:PrincipalArn': [`arn:aws:iam::*:role${MEMBER_ROLE_PATH}${names.memberRole('tag')}`],
      },
    });
  });
});
