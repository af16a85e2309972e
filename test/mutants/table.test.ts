import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MUTANTS } from './table.ts';

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `test/${file}`);
const names = MUTANTS.map(({ name }) => name);

it('each name stands for one mutant', () => {
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

it.each(MUTANTS)(
  '$name: its clause stands exactly once in the code, and its suites exist',
  ({ file, find, replace, tests }) => {
    expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
    expect(tests.filter((suite) => !files.some((file) => file.includes(suite)))).toEqual([]);
    expect(tests).not.toEqual([]);
  },
);
