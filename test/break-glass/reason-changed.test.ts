import { describe, expect, it } from 'vitest';
import { approveGrant, expireGrant, reconcileGrants } from '../../lib/break-glass/index.ts';
import type { BreakGlassRules } from '../../lib/domain/break-glass-rules.ts';
import { unknown } from '../../lib/domain/fact.ts';
import { sentenceOf } from '../../lib/ledger/index.ts';
import { person } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { BO, Ground, role } from './ground.ts';

const OTHER = 'grant-of-somebody-else';
const DORA = person('dora');
const ONCALL = {
  kind: 'http',
  url: 'https://oncall.example.com',
  timeoutMs: 1,
  ifUnknown: 'emergency-group',
} as const;

type Change = (rules: BreakGlassRules) => BreakGlassRules;
const withRole =
  (overrides: Parameters<typeof role>[0]): Change =>
  (rules) => ({ ...rules, roles: [role(overrides)] });

const GONE: readonly (readonly [string, Change, string])[] = [
  [
    'the role left the policy',
    (rules) => ({ ...rules, roles: [] }),
    'has no break-glass role database-admin',
  ],
  ['the role left the account', withRole({ accounts: ['999999999999'] }), 'is not for account'],
  [
    'the person left, or is eligible no more',
    withRole({ eligible: ['bo'] }),
    'ana is not among those any more',
  ],
];

describe('G13: a grant ends when its reason changes', () => {
  it.each(GONE)('%s: by the reconciler, at once and on record', async (_what, change, why) => {
    const ground = await Ground.open();
    const session = await ground.started();
    await reconcileGrants(await ground.context());
    expect(await ground.state()).toBe('active');
    ground.rules = change(ground.rules);
    expect((await reconcileGrants(await ground.context())).ended).toEqual([GRANT_ID]);
    expect(await ground.use(session)).toBe('AccessDenied');
    const ending = (await ground.events()).find(({ type }) => type === 'grant.ending');
    expect(ending).toMatchObject({ data: { cause: 'reason-changed' }, reason: expect.stringContaining(why) });
    expect(ending === undefined ? '' : sentenceOf(ending)).toContain(
      'since the reason for it has changed, because',
    );
    expect((await reconcileGrants(await ground.context())).ended).toEqual([]);
  });

  it.each(GONE)('%s: no session is issued any more, before any reconciler looks', async (_what, change) => {
    const ground = await Ground.open();
    await ground.started();
    const issued = () => ground.log.filter((each) => each === 'AssumeRole').length;
    ground.rules = change(ground.rules);
    const before = issued();
    expect(await ground.renew()).toMatchObject({
      outcome: 'over',
      grant: { ending: { cause: 'reason-changed' } },
    });
    expect(issued()).toBe(before);
    expect(await ground.state()).toBe('ended');
  });

  it.each(GONE)('%s: nor by starting the same again', async (_what, change) => {
    const ground = await Ground.open();
    await ground.started();
    ground.rules = change(ground.rules);
    const before = ground.log.filter((each) => each === 'AssumeRole').length;
    expect(await ground.start()).toMatchObject({
      outcome: 'over',
      grant: { ending: { cause: 'reason-changed' } },
    });
    expect(ground.log.filter((each) => each === 'AssumeRole')).toHaveLength(before);
  });

  it('nor what was approved meanwhile', async () => {
    const ground = await Ground.open();
    ground.rules = { ...ground.rules, roles: [role({ tier: 'guarded' })] };
    await ground.start();
    await approveGrant(await ground.context(), { grantId: GRANT_ID, actor: BO });
    ground.rules = { ...ground.rules, roles: [role({ tier: 'guarded', eligible: ['bo'] })] };
    expect(await ground.start()).toMatchObject({ outcome: 'over' });
    expect(ground.log).not.toContain('AssumeRole');
  });

  it('what still waits for an approval lapses', async () => {
    const ground = await Ground.open();
    ground.rules = { ...ground.rules, roles: [role({ tier: 'guarded' })] };
    await ground.start();
    ground.rules = { ...ground.rules, roles: [role({ tier: 'guarded', eligible: ['bo'] })] };
    await expireGrant(await ground.context(), GRANT_ID);
    expect(await ground.state()).toBe('lapsed');
  });

  it('ends nobody else’s', async () => {
    const ground = await Ground.open();
    await ground.started();
    const session = await ground.started({ actor: person('bo'), content: { grantId: OTHER } });
    ground.rules = { ...ground.rules, roles: [role({ eligible: ['bo'] })] };
    await reconcileGrants(await ground.context());
    expect([await ground.state(), await ground.state(OTHER)]).toEqual(['ended', 'active']);
    expect(await ground.use(session)).toBe('answered');
  });

  it('of the emergency group stays while they are of it, and goes with that', async () => {
    const ground = await Ground.open();
    ground.rules = { ...ground.rules, roles: [role({ onCall: ONCALL })] };
    ground.onCall = unknown('it did not answer in time');
    await ground.started({ actor: DORA });
    await reconcileGrants(await ground.context());
    expect(await ground.state()).toBe('active');
    ground.rules = { ...ground.rules, emergency: [] };
    await reconcileGrants(await ground.context());
    expect(await ground.state()).toBe('ended');
  });

  it('does not end with a shift: whoever is not on call any more keeps what was granted', async () => {
    const ground = await Ground.open();
    ground.rules = { ...ground.rules, roles: [role({ onCall: { kind: 'people', people: ['ana'] } })] };
    await ground.started();
    ground.rules = { ...ground.rules, roles: [role({ onCall: { kind: 'people', people: ['bo'] } })] };
    await reconcileGrants(await ground.context());
    expect(await ground.state()).toBe('active');
  });
});
