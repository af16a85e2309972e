import { describe, expect, it } from 'vitest';
import { approveGrant, reconcileGrants, returnGrant } from '../../lib/break-glass/index.ts';
import { StateProjection } from '../../lib/ledger/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { ANA, BO, Ground, ROLE, role } from './ground.ts';

const OTHER = 'grant-number-two';

function projectionOf(ground: Ground): StateProjection {
  const client = directClient(async (operation, input) => ground.dynamo.run(operation, input));
  return new StateProjection({ client, tableName: 'state' });
}

async function listed(ground: Ground, state: 'open' | 'ended' | 'all') {
  const page = { kind: 'grant', state, limit: 10, now: ground.now } as const;
  const { items } = await projectionOf(ground).requests.page(page);
  return items.map(({ id, state: stands }) => [id, stands]);
}

describe('lists of grants', () => {
  it('show what is open until nothing is owed any more, and then what has ended', async () => {
    const ground = await Ground.open();
    await ground.started();
    expect(await listed(ground, 'open')).toEqual([[GRANT_ID, 'activating']]);
    const context = await ground.context();
    await reconcileGrants(context);
    expect(await listed(ground, 'open')).toEqual([[GRANT_ID, 'active']]);
    await returnGrant(context, { grantId: GRANT_ID, actor: ANA });
    expect(await listed(ground, 'open')).toEqual([[GRANT_ID, 'ended']]);
    await ground.reviewed();
    expect(await listed(ground, 'open')).toEqual([]);
    expect(await listed(ground, 'ended')).toEqual([[GRANT_ID, 'ended']]);
    expect(await listed(ground, 'all')).toEqual([[GRANT_ID, 'ended']]);
  });

  it('show what waits for an approval, and what was approved', async () => {
    const ground = await Ground.open();
    ground.rules = { ...ground.rules, roles: [role({ tier: 'guarded' })] };
    await ground.start();
    expect(await listed(ground, 'open')).toEqual([[GRANT_ID, 'requested']]);
    await approveGrant(await ground.context(), { grantId: GRANT_ID, actor: BO });
    const page = { kind: 'grant', state: 'open', limit: 1, now: ground.now } as const;
    const { items } = await projectionOf(ground).requests.page(page);
    expect(items[0]?.record.approvals).toHaveLength(1);
    ground.pass(31);
    await reconcileGrants(await ground.context());
    expect(await listed(ground, 'open')).toEqual([]);
    expect(await listed(ground, 'ended')).toEqual([[GRANT_ID, 'lapsed']]);
  });

  it('name the grants of a role in an account, and hold none that was refused', async () => {
    const ground = await Ground.open();
    await ground.started();
    await ground.started({ content: { grantId: OTHER } });
    await ground.start({ content: { grantId: 'grant-refused', durationSeconds: 99_999 } });
    const about = await projectionOf(ground).requests.about(`${ACCOUNT}/${ROLE}`);
    expect(about.map(({ id }) => id).toSorted()).toEqual([GRANT_ID, OTHER].toSorted());
  });

  it('a projection that fails holds nobody up, and the reconciler mends it (I10)', async () => {
    const ground = await Ground.open();
    ground.projectionFails = true;
    expect(await ground.use(await ground.started())).toBe('answered');
    expect(await listed(ground, 'all')).toEqual([]);
    ground.projectionFails = false;
    await reconcileGrants(await ground.context());
    expect(await listed(ground, 'open')).toEqual([[GRANT_ID, 'active']]);
  });
});
