import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../lib/domain/credential.ts';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { compilePolicy, loadPolicy } from '../../lib/policy/index.ts';
import { accessKey, daysAgo, fact, NOW, secret } from '../builders/credential.ts';
import { announcing, findings, history, openFinding } from '../builders/history.ts';
import { checked, directoryData, janitorData } from './policy-fixture.ts';

const policy = await loadPolicy(path.join(import.meta.dirname, '..', '..', 'policy'));
const judge = compilePolicy(policy);

function judged(credential: Credential, past: CredentialHistory = history(), now: Instant = NOW) {
  return judge({ credential, history: past, now });
}

const owned = fact({ owner: 'ana' });

describe('failures of peers that concern judging, under the shipped policy', () => {
  it('aws-samples: an error of GetAccessKeyLastUsed is not "never used": unknown, at any rate of errors', () => {
    for (const error of ['AccessDenied', 'Throttling', 'the call timed out']) {
      const { verdict, findings: found } = judged(
        accessKey({ facts: { tags: owned, createdAt: fact(daysAgo(30)), lastUsedAt: { unknown: error } } }),
      );
      const resting = found.filter((finding) => finding.restsOnDisuse);
      expect(resting.length).toBeGreaterThan(0);
      for (const finding of resting) expect(finding).toMatchObject({ matches: 'unknown', held: [] });
      expect(verdict.step).not.toBe('disable');
      expect(verdict.reasons.join()).toContain(error);
    }
  });

  it('aws-samples: no key is disabled on the first scan, however old it is: the warning comes first', () => {
    const { findings: found } = judged(
      accessKey({ facts: { tags: owned, createdAt: fact(daysAgo(4000)), lastUsedAt: fact(daysAgo(3000)) } }),
    );
    const unused = found.find((finding) => finding.rule === 'access-key-unused');
    expect(unused).toMatchObject({
      step: 'notify',
      announces: { step: 'disable', notBefore: plus(NOW, 14 * DAY_MS) },
    });
  });

  it('aws-samples, construct-hub: a missing group or list of exemptions is an error, not "no exemptions"', () => {
    const directory = directoryData({ groups: {} });
    const result = checked(janitorData(), directory);
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual(
      expect.arrayContaining([
        'approvals.guarded.group',
        'approvals.critical.group',
        'approvals.policy.group',
      ]),
    );
  });

  it('aws-samples, construct-hub: whether a key is exempt by a tag that cannot be read holds it', () => {
    const result = checked(
      janitorData({ protect: [{ why: 'Exempt by agreement.', match: { tags: { exempt: '*' } } }] }),
    );
    if (!result.ok) throw new Error('the fixture is valid');
    const key = accessKey({ facts: { lastUsedAt: fact(daysAgo(100)), tags: { unknown: 'denied' } } });
    const [finding] = compilePolicy(result.policy)({
      credential: key,
      history: history(),
      now: NOW,
    }).findings;
    expect(finding?.held.map((hold) => hold.code)).toContain('protection-unknown');
  });

  it('te-papa: the warning does not hang on the one day on which age equals a number', () => {
    for (const days of [46, 50, 59, 60, 61, 100]) {
      const key = accessKey({ facts: { tags: owned, lastUsedAt: fact(daysAgo(days)) } });
      const late = history({ findings: findings(openFinding({ openedAt: daysAgo(days - 45) })) });
      const finding = judged(key, late).findings.find((one) => one.rule === 'access-key-unused');
      expect(finding).toMatchObject({ step: 'notify', announces: { step: 'disable' } });
    }
  });

  it('Prowler: a key that was never used does not pass', () => {
    const key = accessKey({ facts: { tags: owned, createdAt: fact(daysAgo(60)), lastUsedAt: fact(null) } });
    const rules = judged(key)
      .findings.filter((finding) => finding.matches === 'yes')
      .map((finding) => finding.rule);
    expect(rules).toEqual(expect.arrayContaining(['access-key-unused', 'access-key-never-used']));
  });

  it('ASR: a secret that was never read becomes unused', () => {
    const never = secret({ facts: { tags: owned, createdAt: fact(daysAgo(120)), lastUsedAt: fact(null) } });
    expect(judged(never).findings.find((finding) => finding.rule === 'secret-unused')).toMatchObject({
      matches: 'yes',
      step: 'notify',
    });
  });

  it('aws-samples: the notice comes before the act, and only an accepted one counts', () => {
    const key = accessKey({ facts: { tags: owned, lastUsedAt: fact(daysAgo(100)) } });
    const step = (past: CredentialHistory) =>
      judged(key, past).findings.find((one) => one.rule === 'access-key-unused')?.step;
    expect(step(history({ findings: findings(openFinding()) }))).toBe('notify');
    expect(step(history({ findings: findings(openFinding({ told: [announcing('disable', 14)] })) }))).toBe(
      'disable',
    );
    expect(
      step(
        history({ findings: findings(openFinding({ told: [announcing('disable', 14)] })), bounced: ['ana'] }),
      ),
    ).toBe('notify');
  });

  it('two keys of one user are judged each by its own facts', () => {
    const idle = accessKey({
      name: 'AKIAEXAMPLEIDLE00000',
      facts: { tags: owned, lastUsedAt: fact(daysAgo(100)) },
    });
    const busy = accessKey({
      name: 'AKIAEXAMPLEBUSY00000',
      facts: { tags: owned, createdAt: fact(daysAgo(20)) },
    });
    const unused = (credential: Credential) =>
      judged(credential).findings.some((one) => one.rule === 'access-key-unused');
    expect([unused(idle), unused(busy)]).toEqual([true, false]);
  });
});

describe('negative decisions are as explainable as positive ones (G6)', () => {
  it('a kept key says what its last use was, by which evidence, how old', () => {
    const key = accessKey({
      facts: { tags: owned, createdAt: fact(daysAgo(20)), lastUsedAt: fact(daysAgo(3)) },
    });
    const { reasons } = judged(key).verdict;
    expect(reasons[0]).toBe(
      'access-key-unused: last used on 2026-10-12, 2 days before the evidence (credential report as of 2026-10-15 08:00Z, 4 hours of lag allowed), less than 45 days',
    );
    expect(reasons.find((reason) => reason.startsWith('access-key-old-in-use:'))).toContain(
      'created on 2026-09-25, 20 days ago',
    );
    expect(reasons.find((reason) => reason.startsWith('access-key-contract-ended:'))).toBe(
      'access-key-contract-ended: no outside party is behind it',
    );
  });

  it('a kind that no rule is about says so', () => {
    const result = checked();
    if (!result.ok) throw new Error('the fixture is valid');
    const { verdict } = compilePolicy(result.policy)({ credential: secret(), history: history(), now: NOW });
    expect(verdict).toEqual({ outcome: 'keep', reasons: ['no rule is about secret'] });
  });

  it('a status that is unknown is never kept silently', () => {
    const result = checked();
    if (!result.ok) throw new Error('the fixture is valid');
    const unread = secret({ facts: { status: { unknown: 'the page failed' } } });
    expect(
      compilePolicy(result.policy)({ credential: unread, history: history(), now: NOW }).verdict.outcome,
    ).toBe('unknown');
  });
});
