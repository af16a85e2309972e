import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import {
  archivePolicy,
  authorisationMatrix,
  checkPolicyTexts,
  compilePolicy,
} from '../../lib/policy/index.ts';
import { policyFromArchive } from '../../lib/policy/policy-from-archive.ts';
import { accessKey, NOW } from '../builders/credential.ts';
import { history } from '../builders/history.ts';
import { directoryData, janitorData, policyOf } from './policy-fixture.ts';

const shipped = path.join(import.meta.dirname, '..', '..', 'policy');
const janitorYaml = readFileSync(path.join(shipped, 'janitor.yaml'), 'utf8');
const directoryYaml = readFileSync(path.join(shipped, 'directory.yaml'), 'utf8');

/** Every problem has a place and a way out; a policy that passes can judge. Nothing else may happen. */
function survives(janitor: string, directory: string): void {
  const result = checkPolicyTexts(janitor, directory);
  if (result.ok) {
    const judgement = compilePolicy(result.policy)({ credential: accessKey(), history: history(), now: NOW });
    expect(judgement.verdict.reasons.length).toBeGreaterThan(0);
    expect(policyFromArchive(archivePolicy(result.policy)).hash).toBe(result.policy.hash);
    for (const { cells } of authorisationMatrix(result.policy, NOW)) {
      expect(cells.unresolved.outcome === 'refused' || cells.person.outcome === 'allowed').toBe(true);
    }
    return;
  }
  expect(result.problems.length).toBeGreaterThan(0);
  for (const problem of result.problems) {
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.column).toBeGreaterThan(0);
    expect(problem.message).not.toBe('');
    expect(problem.hint).not.toBe('');
  }
}

/** A text with a piece cut out, doubled or replaced: what editing by hand does to a file. */
function damaged(text: string) {
  return fc
    .tuple(
      fc.nat(text.length),
      fc.nat(40),
      fc.oneof(
        fc.constant(''),
        fc.constantFrom(
          '\t',
          '- ',
          ': ',
          '[',
          '}',
          '"',
          '&a ',
          '*a',
          '!!x ',
          '---\n',
          '#',
          '\n  ',
          '<<: ',
          '? ',
          '%',
          '\u0000',
          '\ufeff',
        ),
        fc.string({ maxLength: 12 }),
      ),
    )
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
}

/** A document with one value somewhere replaced by anything. */
function altered(data: unknown): fc.Arbitrary<unknown> {
  if (typeof data !== 'object' || data === null) return anything;
  const entries = Object.entries(data);
  if (entries.length === 0) return anything;
  const inside = fc.nat(entries.length - 1).chain((index) => {
    const [key, value] = entries[index] ?? ['', undefined];
    return altered(value).map((changed) =>
      Array.isArray(data) ? data.with(Number(key), changed) : { ...data, [key]: changed },
    );
  });
  return fc.oneof({ arbitrary: anything, weight: 1 }, { arbitrary: inside, weight: 9 });
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('observe', 'unresolved', '1d', 0, -1, 1e21, '__proto__', 'constructor', null, [], {}),
  fc.constant(JSON.parse('{"__proto__": {"x": 1}, "constructor": 1, "toString": "x"}')),
);

describe('whatever the files hold, only problems or a working policy come out (I20)', () => {
  it('any text at all', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), survives), {
      numRuns: 300,
    });
  });

  it('the shipped janitor.yaml, damaged by hand', () => {
    fc.assert(
      fc.property(damaged(janitorYaml), (text) => survives(text, directoryYaml)),
      { numRuns: 40 },
    );
  });

  it('the shipped directory.yaml, damaged by hand', () => {
    fc.assert(
      fc.property(damaged(directoryYaml), (text) => survives(janitorYaml, text)),
      { numRuns: 40 },
    );
  });

  it('valid data with one value replaced by anything', () => {
    fc.assert(
      fc.property(altered(janitorData()), altered(directoryData()), (janitor, directory) => {
        survives(JSON.stringify(janitor), JSON.stringify(directoryData()));
        survives(JSON.stringify(janitorData()), JSON.stringify(directory));
      }),
      { numRuns: 150 },
    );
  });

  it('an archive that is anything throws only a JanitorError', () => {
    const archive = archivePolicy(policyOf());
    const texts = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      damaged(archive),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(archivePolicy(policyFromArchive(text))).toBe(archive);
        } catch (error) {
          expect(error).toBeInstanceOf(JanitorError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
