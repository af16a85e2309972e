import { describe, expect, test } from 'vitest';
import { allows, type Need, type Statement, statementsOf } from './evaluate.ts';

type Condition = Statement['Condition'];

const statement = (Condition: Condition = {}, Effect: 'Allow' | 'Deny' = 'Allow'): Statement => ({
  Effect,
  Action: ['s3:Get*'],
  Resource: ['arn:aws:s3:::evidence/manifests/*'],
  Condition,
});
const need = (context: Need['context'] = {}, overrides: Partial<Need> = {}): Need => ({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::evidence/manifests/1.gz',
  context,
  ...overrides,
});

describe('actions and resources', () => {
  test('stars stand for anything, actions are compared without regard to case, resources with', () => {
    expect(allows([statement()], need())).toBe(true);
    expect(allows([statement()], need({}, { action: 'S3:getobject' }))).toBe(true);
    expect(allows([statement()], need({}, { action: 's3:PutObject' }))).toBe(false);
    expect(allows([statement()], need({}, { resource: 'arn:aws:s3:::evidence/Manifests/1.gz' }))).toBe(false);
    expect(allows([statement()], need({}, { resource: 'arn:aws:s3:::evidence/policies/1' }))).toBe(false);
  });

  test('nothing is allowed that nobody allows, and a denial outweighs every allowance', () => {
    expect(allows([], need())).toBe(false);
    expect(allows([statement(), statement({}, 'Deny')], need())).toBe(false);
  });
});

describe('conditions', () => {
  const key = 'k';
  const cases: readonly [operator: string, wanted: string[], actual: string[] | undefined, holds: boolean][] =
    [
      ['StringEquals', ['a', 'b'], ['b'], true],
      ['StringEquals', ['a*'], ['ab'], false],
      ['StringEquals', ['a'], undefined, false],
      ['StringLike', ['runs/*'], ['runs/1/run.json'], true],
      ['StringLike', ['runs/*'], ['sweeps/1'], false],
      ['StringLike', ['runs/*'], undefined, false],
      ['StringLikeIfExists', ['runs/*'], undefined, true],
      ['StringLikeIfExists', ['runs/*'], ['runs/1'], true],
      ['StringLikeIfExists', ['runs/*'], ['sweeps/1'], false],
      ['NumericGreaterThanEquals', ['7'], ['7'], true],
      ['NumericGreaterThanEquals', ['7'], ['30'], true],
      ['NumericGreaterThanEquals', ['7'], ['6'], false],
      ['NumericGreaterThanEquals', ['7'], undefined, false],
      ['Bool', ['true'], ['true'], true],
      ['Bool', ['true'], ['false'], false],
      ['Bool', ['true'], undefined, false],
      ['BoolIfExists', ['false'], undefined, true],
      ['BoolIfExists', ['false'], ['false'], true],
      ['BoolIfExists', ['false'], ['true'], false],
      ['Null', ['false'], ['a'], true],
      ['Null', ['false'], undefined, false],
      ['Null', ['true'], undefined, true],
      ['ForAllValues:StringLike', ['run#*'], ['run#1', 'run#2'], true],
      ['ForAllValues:StringLike', ['run#*'], ['run#1', 'halt#1'], false],
      ['ForAllValues:StringLike', ['run#*'], undefined, true],
    ];
  test.each(cases)('%s %j of %j: %s', (operator, wanted, actual, holds) => {
    expect(allows([statement({ [operator]: { [key]: wanted } })], need({ [key]: actual }))).toBe(holds);
  });

  test('all of them must hold', () => {
    const both = { StringEquals: { a: ['1'] }, StringLike: { b: ['x*'] } };
    expect(allows([statement(both)], need({ a: ['1'], b: ['xy'] }))).toBe(true);
    expect(allows([statement(both)], need({ a: ['1'], b: ['y'] }))).toBe(false);
  });

  test('an operator that is not known here is not guessed at', () => {
    const asked = () => allows([statement({ StringNotEquals: { a: ['1'] } })], need({ a: ['2'] }));
    expect(asked).toThrow('the condition operator StringNotEquals is not known here');
  });

  test('a key of which nothing was recorded is not taken for absent', () => {
    const asked = () => allows([statement({ BoolIfExists: { 'aws:SecureTransport': ['true'] } })], need());
    expect(asked).toThrow('a condition asks for aws:SecureTransport');
  });
});

test('parts of a statement that are not looked at here are refused', () => {
  const document = { Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] };
  expect(() => statementsOf(document)).toThrow('NotAction');
});
