import { beforeAll, describe, expect, test } from 'vitest';
import { plus } from '../../../lib/domain/time.ts';
import {
  type DelegationProof,
  distinctActors,
  mayAsk,
  personsBehind,
  requestCoreHash,
} from '../../../lib/identity/index.ts';
import { HOME, PARTNER } from '../caller-directory.ts';
import {
  CORE,
  chainOf,
  MemoryProofStore,
  NOW,
  openScene,
  type Presentation,
  present,
  prove,
  type Scene,
} from './scene.ts';

const MINUTE = 60_000;
const OTHER_CORE = requestCoreHash({ id: 'request-2' });

let scene: Scene;
let chain: readonly DelegationProof[];

beforeAll(async () => {
  scene = await openScene();
  chain = await chainOf([scene.ana, scene.portal, scene.planner], scene.gateway.arn);
});

/** The chain with one proof put in the place of another. */
function having(hop: 1 | 2 | 3, proof: DelegationProof | undefined): unknown[] {
  return chain.map((original, index) => (index === hop - 1 ? proof : original));
}

function edited(hop: 1 | 2 | 3, edit: (url: string) => string): unknown[] {
  return chain.map((proof, index) => (index === hop - 1 ? { ...proof, url: edit(proof.url) } : proof));
}

describe('a delegation of three hops, signed and checked by STS (G18)', () => {
  test('names who asked, through whom, each as AWS proved it', async () => {
    expect(await present(scene, { delegation: chain })).toEqual({
      ok: true,
      hops: [
        {
          actor: { kind: 'person', arn: scene.ana.arn, person: 'ana' },
          accountId: HOME,
          signedAt: NOW,
          proofId: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        {
          actor: { kind: 'workload', arn: scene.portal.arn, claimed: 'run-1' },
          accountId: HOME,
          signedAt: NOW,
          proofId: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        {
          actor: { kind: 'workload', arn: scene.planner.arn, claimed: 'run-1' },
          accountId: HOME,
          agent: { id: 'planner', sponsor: 'bob' },
          signedAt: NOW,
          proofId: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
  });

  test('survives JSON on its way', async () => {
    expect(await present(scene, { delegation: JSON.parse(JSON.stringify(chain)) })).toMatchObject({
      ok: true,
    });
  });

  test('one hop and five hops are delegations, too', async () => {
    const { ana, portal, planner, gateway } = scene;
    expect(
      await present(scene, { delegation: await chainOf([ana], gateway.arn), proofs: new MemoryProofStore() }),
    ).toMatchObject({ ok: true });
    const long = await chainOf([ana, portal, planner, portal, planner], gateway.arn);
    expect(await present(scene, { delegation: long })).toMatchObject({ ok: true });
  });

  test('a role is named by its ARN, with its path or without: any session of it may go on', async () => {
    for (const role of ['role/apps/portal', 'role/portal']) {
      const first = await prove(scene.ana, `arn:aws:iam::${HOME}:${role}`);
      const second = await prove(scene.portal, scene.gateway.arn, { previous: first });
      expect(await present(scene, { delegation: [first, second] })).toMatchObject({ ok: true });
    }
  });

  test('every host of an allowed Region will do, the global one for us-east-1', async () => {
    const proof = await prove(scene.ana, scene.gateway.arn, { region: 'us-east-1' });
    expect(await present(scene, { delegation: [proof] })).toMatchObject({ ok: true });
  });

  test('a person who signed is the sponsor of the agents after her, and two ARNs of hers count once (G20, I11)', async () => {
    const { ana, anaElsewhere, planner, gateway } = scene;
    const verified = await present(scene, {
      delegation: await chainOf([ana, anaElsewhere, planner], gateway.arn),
    });
    if (!verified.ok) throw new Error(verified.message);
    expect(verified.hops[1]?.actor).toMatchObject({ person: 'ana', outsideParty: 'acme' });
    const [, , last] = verified.hops;
    if (last === undefined) throw new Error('there are three hops');
    const involved = { caller: last, hops: verified.hops };
    expect(mayAsk(involved, 'critical')).toEqual({ ok: true, sponsor: 'ana' });
    expect(distinctActors(involved).map(({ arn }) => arn)).toEqual([ana.arn, planner.arn]);
    expect(personsBehind(involved)).toEqual(['ana', 'bob']);
  });
});

describe('every refusal has its own code, and uses nothing up (G18)', () => {
  type Case = readonly [what: string, reason: string, hop: number | undefined, given: () => Presentation];
  const cases: readonly Case[] = [
    // forged: what was signed is not what is shown, or was not signed by whom it says.
    [
      'another signature',
      'forged',
      2,
      () => ({ delegation: [...chain.slice(0, 1), ...forgedFrom(2)], callerArn: scene.planner.arn }),
    ],
    [
      'another request put into the signed headers',
      'forged',
      1,
      () => ({
        delegation: [withHeader('x-janitor-core', OTHER_CORE)],
        core: OTHER_CORE,
        callerArn: scene.portal.arn,
      }),
    ],
    [
      'another API put into the signed headers',
      'forged',
      1,
      () => ({
        delegation: [withHeader('x-janitor-api', 'other')],
        api: 'other',
        callerArn: scene.portal.arn,
      }),
    ],
    [
      'somebody else put in as the next one',
      'forged',
      1,
      () => ({
        delegation: [withHeader('x-janitor-next', scene.planner.arn)],
        callerArn: scene.planner.arn,
      }),
    ],
    [
      'a later date put in, to make it young again',
      'forged',
      1,
      () => ({
        delegation: [one((url) => url.replaceAll('20260301T090000Z', '20260301T090500Z'))],
        callerArn: scene.portal.arn,
        now: plus(NOW, 12 * MINUTE),
      }),
    ],
    // re-bound
    ['a proof for another request', 're-bound', 1, () => ({ delegation: chain, core: OTHER_CORE })],
    [
      'a proof for another API',
      're-bound',
      1,
      () => ({ delegation: chain, api: 'janitor.eu-central-1/test' }),
    ],
    // missing-hop
    ['the first hop left out', 'missing-hop', 1, () => ({ delegation: chain.slice(1) })],
    ['a hop in the middle left out', 'missing-hop', 2, () => ({ delegation: [chain[0], chain[2]] })],
    ['the last hop left out', 'missing-hop', 2, () => ({ delegation: chain.slice(0, 2) })],
    ['hops in another order', 'missing-hop', 1, () => ({ delegation: [...chain].reverse() })],
    ['a hop twice', 'missing-hop', 2, () => ({ delegation: [chain[0], chain[0], chain[1], chain[2]] })],
    [
      'presented by somebody else',
      'missing-hop',
      3,
      () => ({ delegation: chain, callerArn: scene.deployer.arn }),
    ],
    // dates
    ['a proof past its age', 'expired', 1, () => ({ delegation: chain, now: plus(NOW, 10 * MINUTE + 1000) })],
    [
      'a proof dated in the future',
      'not-yet-valid',
      1,
      () => ({ delegation: chain, now: plus(NOW, -MINUTE - 1000) }),
    ],
    // formats
    ['no list', 'malformed', undefined, () => ({ delegation: { 0: chain[0] } })],
    ['no proofs', 'malformed', undefined, () => ({ delegation: [] })],
    ['too many proofs', 'malformed', undefined, () => ({ delegation: [...chain, ...chain] })],
    ['a hole', 'malformed', undefined, () => ({ delegation: having(2, undefined) })],
    [
      'an unknown key',
      'malformed',
      undefined,
      () => ({ delegation: chain.map((p) => ({ ...p, extra: 1 })) }),
    ],
    [
      'another header',
      'malformed',
      undefined,
      () => ({ delegation: chain.map((p) => ({ ...p, headers: { ...p.headers, host: 'evil.example' } })) }),
    ],
    [
      'a huge URL',
      'malformed',
      undefined,
      () => ({ delegation: edited(1, (url) => `${url}&x=${'a'.repeat(9_000)}`) }),
    ],
  ];

  test.each(cases)('%s: %s', async (_what, reason, hop, given) => {
    const proofs = new MemoryProofStore();
    const verified = await present(scene, { proofs, ...given() });
    expect(verified).toMatchObject({
      ok: false,
      reason,
      mayRetry: false,
      ...(hop === undefined ? {} : { hop }),
    });
    expect(proofs.claimed.size).toBe(0);
  });

  test.each([
    ['an account nobody registered', 'wrong-account', () => scene.stranger],
    ['a party whose contract is over', 'wrong-account', () => scene.former],
    ['an IAM user of nobody', 'unresolved-hop', () => scene.deployer],
  ])('signed in the name of %s: %s', async (_what, reason, signer) => {
    const proofs = new MemoryProofStore();
    const delegation = await chainOf([scene.ana, signer()], scene.gateway.arn);
    expect(await present(scene, { delegation, proofs })).toMatchObject({ ok: false, reason, hop: 2 });
    expect(proofs.claimed.size).toBe(0);
  });

  test('an organisation that cannot be read: nothing is wrong, nothing is granted', async () => {
    const directory: Presentation['directory'] = { standingOf: async () => 'unknown' };
    expect(await present(scene, { delegation: chain, directory })).toMatchObject({
      ok: false,
      reason: 'organisation-unreadable',
      mayRetry: true,
    });
  });

  test('a second use: replayed, also in another spelling of the same signed request', async () => {
    const proofs = new MemoryProofStore();
    const delegation = await chainOf([scene.ana], scene.gateway.arn);
    const spelled = delegation.map((proof) => ({ ...proof, url: proof.url.replaceAll('%2F', '%2f') }));
    expect(spelled).not.toEqual(delegation);
    expect(await present(scene, { delegation, proofs })).toMatchObject({ ok: true });
    for (const again of [delegation, spelled]) {
      expect(await present(scene, { delegation: again, proofs })).toMatchObject({
        ok: false,
        reason: 'replayed',
        hop: 1,
      });
    }
  });

  test('a used proof is remembered until long after it is too old', async () => {
    const proofs = new MemoryProofStore();
    await present(scene, { delegation: chain, proofs });
    expect([...proofs.claimed.values()]).toEqual(Array(3).fill(plus(NOW, 70 * MINUTE)));
  });

  test('a proof in time, with the clock of its signer a little ahead', async () => {
    for (const now of [plus(NOW, 10 * MINUTE), plus(NOW, -MINUTE)]) {
      expect(await present(scene, { delegation: chain, now })).toMatchObject({ ok: true });
    }
  });

  test('no refusal quotes the proof', async () => {
    const refused = await present(scene, { delegation: chain, callerArn: `arn:aws:iam::${PARTNER}:user/x` });
    expect(JSON.stringify(refused)).not.toMatch(/X-Amz|IQoJ/);
  });

  function one(edit: (url: string) => string): DelegationProof {
    const [first] = chain;
    if (first === undefined) throw new Error('the chain is empty');
    return { ...first, url: edit(first.url) };
  }

  function withHeader(name: keyof DelegationProof['headers'], value: string): DelegationProof {
    const proof = one((url) => url);
    return { ...proof, headers: { ...proof.headers, [name]: value } };
  }

  function forgedFrom(hop: number): unknown[] {
    return chain.slice(hop - 1, hop).map((proof) => ({
      ...proof,
      url: proof.url.replace(/X-Amz-Signature=\w+/, `X-Amz-Signature=${CORE}`),
    }));
  }
});
