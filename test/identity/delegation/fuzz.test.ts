import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DelegationProof, Verification } from '../../../lib/identity/index.ts';
import { chainOf, MemoryProofStore, openScene, present, type Scene } from './scene.ts';

let scene: Scene;
let chain: readonly DelegationProof[];
let accepted: Verification;

beforeAll(async () => {
  scene = await openScene();
  chain = await chainOf([scene.ana, scene.portal, scene.planner], scene.gateway.arn);
  accepted = await present(scene, { delegation: chain });
});

/** One place of a text changed: replaced, taken out or put in. */
function mutate(text: string, at: number, change: string, removed: number): string {
  const index = at % (text.length + 1);
  return text.slice(0, index) + change + text.slice(index + removed);
}

const mutation = fc.record({
  hop: fc.nat(2),
  field: fc.constantFrom('url', 'x-janitor-api', 'x-janitor-core', 'x-janitor-next', 'x-janitor-previous'),
  at: fc.nat(2_000),
  change: fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.string({ unit: 'binary', maxLength: 2 }),
    fc.constantFrom('%2f', '%', '&', '=', '#', '@', '\\', '\n', '&Action=', '://', 'none', '0', 'A'),
  ),
  removed: fc.nat(3),
});

function mutated({
  hop,
  field,
  at,
  change,
  removed,
}: typeof mutation extends fc.Arbitrary<infer M> ? M : never) {
  return chain.map((proof, index) => {
    if (index !== hop) return proof;
    if (field === 'url') return { ...proof, url: mutate(proof.url, at, change, removed) };
    const headers = new Map(Object.entries(proof.headers));
    headers.set(field, mutate(headers.get(field) ?? '', at, change, removed));
    return { ...proof, headers: Object.fromEntries(headers) };
  });
}

describe('whatever is presented, nothing but an answer or a refusal comes out (I20)', () => {
  test('a mutated proof proves nothing new: it is refused, or another spelling of the same', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (how) => {
        const proofs = new MemoryProofStore();
        const verified = await present(scene, { delegation: mutated(how), proofs });
        if (verified.ok) {
          expect(verified).toEqual(accepted);
        } else {
          expect(verified.mayRetry).toBe(false);
          expect(proofs.claimed.size).toBe(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('any JSON, and any text for a URL', async () => {
    const url = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constant(chain[0]?.url ?? ''));
    const proof = fc.record({
      version: fc.constantFrom(1, 2, '1'),
      url,
      headers: fc.constant(chain[0]?.headers),
    });
    const anything = fc.oneof(fc.jsonValue(), fc.anything(), fc.array(proof, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(anything, async (delegation) => {
        const verified = await present(scene, { delegation, callerArn: scene.gateway.arn });
        expect(verified).toMatchObject({ ok: false, mayRetry: false, hint: expect.stringMatching(/\S/) });
      }),
      { numRuns: 500 },
    );
  });

  test('any bytes in place of the answer of STS, whole or a part of it', async () => {
    const [first] = await chainOf([scene.ana], scene.gateway.arn);
    const answer = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><UserId>AIDAEXAMPLEUSER00001</UserId><Account>111122223333</Account><Arn>${scene.ana.arn}</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
    const like = fc
      .tuple(fc.nat(answer.length), fc.string({ maxLength: 3 }), fc.nat(5))
      .map(([at, change, removed]) => Buffer.from(mutate(answer, at, change, removed)));
    const body = fc.oneof(fc.uint8Array({ maxLength: 500 }), like);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(100, 200, 200, 200, 302, 400, 403, 500),
        body,
        async (status, bytes) => {
          const sts: HttpHandler = {
            ...scene.aws.requestHandler(),
            handle: async () => ({ response: new HttpResponse({ statusCode: status, body: bytes }) }),
          };
          const verified = await present(scene, { delegation: [first], sts });
          expect(verified.ok && status !== 200).toBe(false);
          if (verified.ok)
            expect(verified.hops).toMatchObject([{ actor: { kind: 'person', person: 'ana' } }]);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
