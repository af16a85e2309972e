import path from 'node:path';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAwsClients } from '../../lib/aws/index.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { type DelegationProof, proveHop, requestCoreHash } from '../../lib/identity/index.ts';
import { openServe, type ServedJanitor } from '../../lib/wiring/serve/open-serve.ts';
import { stubAwsEnvironment } from '../builders/command-line.ts';
import { type Signer, send, signed } from './signed.ts';
import { ACCOUNT, keyOf, START, signerOf, storyFolder, Tickets } from './story-world.ts';

interface Role extends Signer {
  readonly arn: string;
}

const tickets = new Tickets();
let served: ServedJanitor;
let portal: Role;
let gateway: Role;
let planner: Role;

beforeAll(async () => {
  const folder = storyFolder(await tickets.open());
  stubAwsEnvironment({});
  served = await openServe(
    {
      port: 0,
      awsPort: 0,
      seed: folder.seed,
      now: START,
      policy: folder.policy,
      stateDir: path.join(folder.cwd, 'state'),
    },
    { cwd: folder.cwd, command: 'janitor serve', note: async () => {}, onLockLost: () => {} },
  );
  portal = await assume('portal');
  gateway = await assume('gateway');
  planner = await assume('planner');
}, 60_000);

afterAll(async () => {
  await served.close();
  tickets.close();
  vi.unstubAllEnvs();
});

async function assume(role: string): Promise<Role> {
  const { aws, credentials, region } = served.world;
  const { sts, close } = await createAwsClients({
    region,
    credentials,
    requestHandler: () => aws.requestHandler(),
    retryDelays: 'none',
  });
  const answer = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, RoleSessionName: 'run-1' }),
  );
  close();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
  return {
    arn: answer.AssumedRoleUser?.Arn ?? '',
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

const request = {
  ask: {
    kind: 'exception',
    scope: { credentialId: keyOf('nightly'), rules: ['access-key-unused'] },
    while: { owner: 'same' },
  },
  reasonKind: 'migration',
  businessOwner: 'elena',
  reason: 'The nightly export moves to a role this month',
  ticket: 'OPS-17',
  endsAt: plus(START, 30 * DAY_MS),
};

/** elena, then the portal, then the planner ask; the gateway calls. */
async function chain(requestId: string, signers: readonly Signer[] = [signerOf('elena'), portal, planner]) {
  const next = [portal.arn, planner.arn, gateway.arn];
  const proofs: DelegationProof[] = [];
  for (const [index, credentials] of signers.entries()) {
    const previous = proofs.at(-1);
    const proof = await proveHop({
      credentials,
      partition: 'aws',
      region: 'eu-central-1',
      api: 'local',
      core: requestCoreHash({ requestId, request }),
      next: next[index] ?? '',
      now: START,
      ...(previous === undefined ? {} : { previous }),
    });
    proofs.push(proof);
  }
  return proofs;
}

async function submit(requestId: string, delegation: readonly DelegationProof[], as: Signer = gateway) {
  const proven = delegation.length === 0 ? {} : { delegation };
  const body = JSON.stringify({ requestId, request, ...proven });
  const call = await signed(served.url, as, { method: 'POST', target: '/v1/requests', body });
  return send(served.url, call);
}

describe('G18: asking on behalf of another', () => {
  test('a chain of three hops is proven end to end, and the record names them all', async () => {
    const { status, body } = await submit('three-hops-1', await chain('three-hops-1'));
    expect({ status, state: body.request?.state }).toEqual({ status: 200, state: 'pending' });
    const { actor, onBehalfOf, sponsor, autonomous } = body.request.requester;
    expect(actor).toMatchObject({ kind: 'workload', arn: gateway.arn });
    expect(onBehalfOf).toMatchObject([
      { kind: 'person', person: 'elena' },
      { kind: 'workload', arn: portal.arn },
      { kind: 'workload', arn: planner.arn },
    ]);
    // The planner is an autonomous agent: elena, who signed, stands behind what it asks (G20).
    expect({ sponsor, autonomous }).toEqual({ sponsor: 'elena', autonomous: true });
  });

  test('sent again with the proofs it used up, it is answered from the record', async () => {
    const proofs = await chain('three-hops-2');
    await submit('three-hops-2', proofs);
    expect(await submit('three-hops-2', proofs)).toMatchObject({
      status: 200,
      body: { outcome: 'repeated' },
    });
  });

  test('G20: an agent alone, with nobody behind it, is denied above the routine tier, and that is recorded', async () => {
    expect(await submit('agent-alone-1', [], planner)).toMatchObject({
      status: 403,
      body: { code: 'request-denied' },
    });
  });

  const tampered = (proofs: readonly DelegationProof[], change: (url: string) => string): DelegationProof[] =>
    proofs.map((proof, index) => (index === 2 ? { ...proof, url: change(proof.url) } : proof));

  test.each([
    ['made for another request', async () => chain('some-other-id'), 're-bound'],
    ['without its first hop', async (id: string) => (await chain(id)).slice(1), 'missing-hop'],
    [
      'pointed at another host',
      async (id: string) =>
        tampered(await chain(id), (url) => url.replace('sts.eu-central-1.amazonaws.com', 'sts.evil.example')),
      'wrong-host',
    ],
    [
      'with a forged signature',
      async (id: string) =>
        tampered(await chain(id), (url) =>
          url.replace(/X-Amz-Signature=.{4}/, (found) => `${found.slice(0, -4)}0000`),
        ),
      'forged',
    ],
  ])('a delegation %s is refused', async (what, make, reason) => {
    const requestId = `broken-${what.replaceAll(/[^a-z]/g, '-')}`;
    const { status, body } = await submit(requestId, await make(requestId));
    expect(status).toBe(403);
    expect(JSON.stringify(body)).toContain(reason);
    expect(JSON.stringify(body)).not.toContain('X-Amz-Signature');
  });

  test('handed on by somebody whom the last proof does not name, it is refused', async () => {
    const { status, body } = await submit('not-named-here', await chain('not-named-here'), portal);
    expect(status).toBe(403);
    expect(JSON.stringify(body)).toContain('missing-hop');
  });
});
