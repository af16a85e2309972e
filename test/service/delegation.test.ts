import { beforeEach, describe, expect, it } from 'vitest';
import type { SubmitBody } from '../../lib/api/index.ts';
import { type DelegationProof, proveHop, requestCoreHash } from '../../lib/identity/index.ts';
import type { Key } from '../sweep/ground.ts';
import { MAIN, REGION } from '../world/places.ts';
import { iamUser, session } from './callers.ts';
import { API, codeOf, refusalOf, ServiceGround } from './service-ground.ts';

const portal = session('portal', 'run-1');

let ground: ServiceGround;
let key: Key;
let credentials: Parameters<typeof proveHop>[0]['credentials'];
beforeEach(async () => {
  const principals = [`arn:aws:iam::${MAIN}:user/people/erin`];
  const people = ['alice', 'bob', 'carol', 'dave', 'erin', 'platform'].map((id) => ({
    id,
    name: id,
    mail: `${id}@example.com`,
    principals: id === 'erin' ? principals : [`sso:${id}`],
  }));
  ground = await ServiceGround.open({ directory: { people } });
  key = await ground.warnedKey();
  const account = ground.ground.aws.account(MAIN);
  account.addUser({ name: 'erin', path: '/people/' });
  const { id: accessKeyId, secretAccessKey } = account.addAccessKey('erin');
  credentials = { accessKeyId, secretAccessKey };
});

async function prove(asked: Pick<SubmitBody, 'requestId' | 'request'>, next = portal.arn, api = API) {
  const { requestId, request } = asked;
  return proveHop({
    credentials,
    partition: 'aws',
    region: REGION,
    api,
    core: requestCoreHash({ requestId, request }),
    next,
    now: ground.ground.now(),
  });
}

const asking = () => ({ requestId: 'request-0001', request: ground.content(key) });
const submit = (body: SubmitBody) => ground.service.submitRequest(portal, body);
const types = async () => (await ground.desk.ledger.chain('request#request-0001')).map(({ type }) => type);

describe('G18: asking on behalf of another', () => {
  it('names who asked first, and neither of them approves', async () => {
    const asked = asking();
    const { request } = await submit({ ...asked, delegation: [await prove(asked)] });
    expect(request.requester).toMatchObject({
      actor: { kind: 'workload', arn: portal.arn },
      onBehalfOf: [{ kind: 'person', person: 'erin' }],
    });
    const own = iamUser('people/erin');
    expect(await codeOf(ground.approve(own, request))).toBe('not-an-approver');
    expect(await ground.service.withdrawRequest(own, request.requestId, 'never mind')).toMatchObject({
      state: 'withdrawn',
    });
  });

  it('a repeated request is answered from its record, with the proofs that were used up', async () => {
    const asked = asking();
    const body = { ...asked, delegation: [await prove(asked)] };
    const first = await submit(body);
    expect(await submit(body)).toEqual({ outcome: 'repeated', request: first.request });
    expect(await codeOf(submit(asked))).toBe('request-conflict');
    expect(await types()).toEqual(['request.submitted']);
  });

  it('used proofs are worth nothing for another request, and the refusal is recorded', async () => {
    const asked = asking();
    const delegation = [await prove(asked)];
    await submit({ ...asked, delegation });
    const other = { ...asked, requestId: 'request-0002' };
    const refused = await refusalOf(submit({ ...other, delegation }));
    expect(refused).toMatchObject({ code: 'delegation-refused', details: { denied: 'delegation-re-bound' } });
    expect(await codeOf(submit({ ...other, delegation }))).toBe('delegation-refused');
  });

  const faults: readonly [string, (asked: ReturnType<typeof asking>) => Promise<DelegationProof>, string][] =
    [
      ['for another API', (asked) => prove(asked, portal.arn, 'elsewhere'), 'delegation-re-bound'],
      ['in other hands', (asked) => prove(asked, session('other', 'run-1').arn), 'delegation-missing-hop'],
    ];
  it.each(faults)('a proof made %s: denied on the record', async (_what, make, denied) => {
    const asked = asking();
    const refused = await refusalOf(submit({ ...asked, delegation: [await make(asked)] }));
    expect(refused).toMatchObject({ code: 'delegation-refused', source: 'policy', details: { denied } });
    expect(await types()).toEqual(['request.denied']);
  });

  it('what is no delegation at all is bad input: nothing is stored', async () => {
    expect(await codeOf(submit({ ...asking(), delegation: [{ version: 2 }] }))).toBe('delegation-malformed');
    expect(await types()).toEqual([]);
  });

  it('an STS that does not answer decides nothing: the same may be sent again', async () => {
    const asked = asking();
    const body = { ...asked, delegation: [await prove(asked)] };
    ground.ground.aws.faults.add({ match: { service: 'sts' }, effect: 'throttle', times: 1 });
    expect(await codeOf(submit(body))).toBe('delegation-unverified');
    expect(await types()).toEqual([]);
    expect(await submit(body)).toMatchObject({ outcome: 'recorded' });
  });
});
