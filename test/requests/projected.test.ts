import { beforeEach, describe, expect, it } from 'vitest';
import { StateProjection } from '../../lib/ledger/index.ts';
import { lapseRequest, type RequestsContext, withdrawRequest } from '../../lib/requests/index.ts';
import { asker, REQUEST_ID } from '../builders/asked.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { Ground, SERVICE } from './ground.ts';

let ground: Ground;
let state: StateProjection;
let context: RequestsContext;
let reachable: boolean;

beforeEach(async () => {
  ground = await Ground.open();
  reachable = true;
  const client = directClient(async (operation, input) => {
    if (!reachable) throw new Error('out of reach');
    return ground.dynamo.run(operation, input);
  });
  state = new StateProjection({ client, tableName: 'state' });
  context = { ...ground.context, projected: state.requests.follow };
});

async function listed(): Promise<string[]> {
  const { items } = await state.requests.page({ kind: 'request', state: 'all', limit: 9, now: ground.now });
  return items.map((item) => `${item.id} ${item.state} ${item.seq}`);
}

describe('lists follow decisions', () => {
  it('with what was recorded, by whatever use case', async () => {
    await ground.submit({ context });
    expect(await listed()).toEqual([`${REQUEST_ID} pending 1`]);
    await withdrawRequest(context, { requestId: REQUEST_ID, actor: asker('ana') });
    expect(await listed()).toEqual([`${REQUEST_ID} withdrawn 2`]);
  });

  it('with what the clock has done, once that is recorded', async () => {
    await ground.submit({ context });
    ground.pass(8 * 86_400_000);
    expect(await listed()).toEqual([`${REQUEST_ID} lapsed 1`]);
    await lapseRequest(context, { requestId: REQUEST_ID, actor: SERVICE });
    expect(await listed()).toEqual([`${REQUEST_ID} lapsed 2`]);
  });

  it('when it could not be written: what is recorded stays recorded, and the same request again mends the list', async () => {
    reachable = false;
    expect(await ground.submit({ context })).toMatchObject({ outcome: 'recorded' });
    reachable = true;
    expect(await listed()).toEqual([]);
    expect(await ground.submit({ context })).toMatchObject({ outcome: 'repeated' });
    expect(await listed()).toEqual([`${REQUEST_ID} pending 1`]);
  });
});
