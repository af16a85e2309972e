import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDestructive } from '../../lib/domain/step.ts';
import { DAY_MS, elapsed } from '../../lib/domain/time.ts';
import { judgementSchema } from '../../lib/domain/verdict.ts';
import { compilePolicy, loadPolicy, type Policy } from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { histories, readings } from './arbitraries.ts';
import { policyOf, ruleData } from './policy-fixture.ts';

const shipped = await loadPolicy(path.join(import.meta.dirname, '..', '..', 'policy'));

/** Rules that combine facts in every way, so that unknown ones meet known ones. */
const tangled = policyOf(
  {
    protect: [{ why: 'Marked to be kept.', match: { tags: { keep: '*' } } }],
    rules: [
      ruleData({ id: 'idle' }),
      ruleData({
        id: 'either',
        match: { any: [{ unusedFor: '60d' }, { outsideParty: 'acme' }, { owner: 'unresolved' }] },
      }),
      ruleData({
        id: 'not-recent',
        match: { not: { usedWithin: '45d' }, age: '30d' },
        exclude: { tags: { owner: 'ben' } },
      }),
      ruleData({
        id: 'secret-idle',
        credential: 'secret',
        match: { status: 'active', unusedFor: '30d', not: { rotation: 'ok' } },
      }),
      ruleData({
        id: 'secret-any',
        credential: 'secret',
        match: { age: '1d' },
        exclude: { notRotatedFor: '50d' },
      }),
      ruleData({ id: 'labelled', steps: ['tag'], match: { labelled: false } }),
    ],
  },
  {
    externalParties: [
      {
        id: 'acme',
        organisation: 'Acme',
        contact: 'a@acme.example',
        sponsor: 'ben',
        contractEnds: '2026-01-31',
        paths: ['/vendors/acme/'],
        tags: { vendor: 'acme' },
      },
    ],
  },
);

const policies: readonly (readonly [string, Policy])[] = [
  ['the shipped policy', shipped],
  ['a tangled policy', tangled],
];

const idsOf = (policy: Policy): string[] => policy.document.rules.map((rule) => rule.id);
describe.each(policies)('judging by %s, whatever the facts and the history', (_name, policy) => {
  const judge = compilePolicy(policy);
  const again = compilePolicy(policy);
  const histories_ = histories(idsOf(policy));

  it('no unknown fact ever leads to a destructive step (I2, G22): what is due on a partial reading is matched by the real facts too', () => {
    let destructive = 0;
    fc.assert(
      fc.property(readings, histories_, ({ real, read }, history) => {
        const partial = judge({ credential: read, history, now: NOW });
        const full = judge({ credential: real, history, now: NOW });
        for (const finding of partial.findings) {
          if (finding.step === undefined || !isDestructive(finding.step) || finding.held.length > 0) continue;
          destructive += 1;
          expect(full.findings.find((one) => one.rule === finding.rule)).toMatchObject({
            matches: 'yes',
            step: finding.step,
            held: [],
          });
          for (const name of ['status', 'tags'] as const) expect('unknown' in read.facts[name]).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
    expect(destructive).toBeGreaterThan(0);
  });

  it('learning a fact never turns a yes into a no or a no into a yes', () => {
    fc.assert(
      fc.property(readings, histories_, ({ real, read }, history) => {
        const before = judge({ credential: read, history, now: NOW }).findings;
        const after = judge({ credential: real, history, now: NOW }).findings;
        for (const id of idsOf(policy)) {
          const was = before.find((one) => one.rule === id)?.matches ?? 'no';
          const is = after.find((one) => one.rule === id)?.matches ?? 'no';
          if (was !== 'unknown' && is !== 'unknown') expect(is).toBe(was);
          if (was === 'yes') expect(is).toBe('yes');
        }
      }),
      { numRuns: 250 },
    );
  });

  it('nothing destructive is due before an accepted notice to its recipient plus the wait (I3)', () => {
    let seen = 0;
    fc.assert(
      fc.property(readings, histories_, ({ real }, history) => {
        const judgement = judge({ credential: real, history, now: NOW });
        for (const finding of judgement.findings) {
          if (finding.step === undefined || !isDestructive(finding.step) || finding.due === undefined)
            continue;
          seen += 1;
          const rule = policy.document.rules.find((one) => one.id === finding.rule);
          const entry = rule?.steps.find(
            (step) => typeof step === 'object' && finding.step !== undefined && finding.step in step,
          );
          const least = JSON.stringify(entry).match(/"wait":"(\d+)d"/)?.[1];
          const { due } = finding;
          const told = history.findings[finding.rule]?.told ?? [];
          const fitting = told.filter(
            (one) => one.announces?.step === finding.step && one.recipient === judgement.recipient,
          );
          expect(fitting.some((one) => elapsed(one.at, due) >= Number(least) * DAY_MS)).toBe(true);
        }
      }),
      { numRuns: 600 },
    );
    expect(seen).toBeGreaterThan(0);
  });

  it('no deletion without our quarantine, three days of it, and a notice since (I4)', () => {
    let seen = 0;
    fc.assert(
      fc.property(readings, histories_, ({ read }, history) => {
        const judgement = judge({ credential: read, history, now: NOW });
        for (const finding of judgement.findings) {
          if (finding.step !== 'delete' || finding.due === undefined) continue;
          seen += 1;
          const since = history.quarantine?.since;
          expect(since).toBeDefined();
          if (since === undefined) continue;
          expect(elapsed(since, finding.due)).toBeGreaterThanOrEqual(3 * DAY_MS);
          const told = history.findings[finding.rule]?.told ?? [];
          expect(told.some((one) => one.announces?.step === 'delete' && one.at >= since)).toBe(true);
        }
      }),
      { numRuns: 600 },
    );
    expect(seen).toBeGreaterThan(0);
  });

  it('the verdict is the first free step, else a hold, else unknown, else keep', () => {
    fc.assert(
      fc.property(readings, histories_, ({ read }, history) => {
        const { verdict, findings } = judge({ credential: read, history, now: NOW });
        const steps = findings.filter((finding) => finding.step !== undefined);
        const free = steps.filter((finding) => finding.held.length === 0);
        if (free.length > 0) {
          const first = free.map((finding) => finding.due ?? '').sort()[0];
          expect(verdict).toMatchObject({ outcome: 'act', due: first });
          expect(free.find((finding) => finding.due === first)?.rule).toBe(verdict.rule);
        } else if (findings.some((finding) => finding.held.length > 0)) expect(verdict.outcome).toBe('hold');
        else if (findings.some((finding) => finding.matches === 'unknown'))
          expect(verdict.outcome).toBe('unknown');
        else expect(['keep', 'unknown']).toContain(verdict.outcome);
      }),
      { numRuns: 250 },
    );
  });

  it('is deterministic, byte for byte, changes nothing it was given, and fits the schema (I19)', () => {
    fc.assert(
      fc.property(readings, histories_, ({ read }, history) => {
        const input = { credential: read, history, now: NOW };
        const given = JSON.stringify(input);
        const first = JSON.stringify(judge(input));
        expect(JSON.stringify(again(input))).toBe(first);
        expect(JSON.stringify(input)).toBe(given);
        expect(judgementSchema.safeParse(JSON.parse(first)).success).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('every rule for the kind says why, kept or not, in a sentence that begins with its id (G6)', () => {
    fc.assert(
      fc.property(readings, histories_, ({ read }, history) => {
        const { verdict } = judge({ credential: read, history, now: NOW });
        const expected = policy.document.rules
          .filter((rule) => rule.credential === read.kind)
          .map((rule) => rule.id);
        if (expected.length === 0) expect(verdict.reasons).toEqual([`no rule is about ${read.kind}`]);
        else expect(verdict.reasons.map((reason) => reason.split(':')[0])).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
