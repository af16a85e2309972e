import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Newborn } from '../../lib/sweep/index.ts';
import { birthEventSchema, newbornOf } from '../../lib/wiring/deployed/index.ts';
import { policyWith } from '../sweep/ground-policy.ts';
import {
  createAccessKey,
  createSecret,
  HUB,
  identityCenterSession,
  MEMBER,
  roleSession,
} from './birth-events.ts';

const AT = '2026-10-15T09:00:00Z';
const KEY = { userName: 'billing', accessKeyId: 'AKIAEXAMPLEBILLING00' };
const REGION = 'eu-central-1';
const ARN = `arn:aws:secretsmanager:${REGION}:${MEMBER}:secret:app/db-AbCdEf`;
const { policy } = policyWith();

const born = (event: object): Promise<Newborn | { reason: string }> =>
  newbornOf(birthEventSchema.parse(event).detail, policy);
const secret = (responseElements: object | null, detail: object = {}) =>
  createSecret('app/db', responseElements, { at: AT, region: REGION, detail });

describe('what an event says of a birth', () => {
  test('a key: user, key id, call, and who called', async () => {
    expect(
      await born(createAccessKey(KEY, { at: AT, userIdentity: identityCenterSession('alice') })),
    ).toEqual({
      place: { kind: 'access-key', ...KEY },
      eventId: 'b7a1e3f0-55d2-4b61-9d3c-6f1f4f7f0a9e',
      requestId: '3f1a5c0e-9c1f-4e0b-8a53-2a8d1f0c7e11',
      at: '2026-10-15T09:00:00.000Z',
      region: 'us-east-1',
      creator: { kind: 'person', arn: identityCenterSession('alice').arn, person: 'alice' },
    });
  });

  test('G20 a pipeline is a workload, whatever its session is called', async () => {
    const userIdentity = roleSession('deploy', 'alice');
    expect(await born(createAccessKey(KEY, { at: AT, userIdentity }))).toMatchObject({
      creator: { kind: 'workload', arn: userIdentity.arn, claimed: 'alice' },
    });
  });

  test.each([
    ['arn', { arn: ARN, name: 'app/db', versionId: 'v' }, ARN],
    ['ARN', { ARN, name: 'app/db' }, ARN],
    ['aRN', { aRN: ARN }, ARN],
    ['nothing', null, 'app/db'],
    ['no ARN', { name: 'app/db' }, 'app/db'],
  ])('a secret whose call answered %s', async (_what, responseElements, secretId) => {
    expect(await born(secret(responseElements))).toMatchObject({
      place: { kind: 'secret', region: REGION, secretId },
      region: REGION,
    });
  });

  test('nothing secret-shaped or unasked for is kept', async () => {
    const event = birthEventSchema.parse(secret({ arn: ARN }));
    expect(JSON.stringify([event, await born(secret({ arn: ARN }))])).not.toMatch(
      /HIDDEN|secretString|192\.0\.2|aws-cli|tls/,
    );
  });
});

describe('what is none of our business is passed over with a reason', () => {
  test.each([
    [
      'a key of the root user',
      createAccessKey({ accessKeyId: KEY.accessKeyId }, { at: AT }),
      /root user is reported and never touched/,
    ],
    [
      'a call that failed',
      secret(null, { errorCode: 'ResourceExistsException', errorMessage: 'it exists' }),
      /failed \(ResourceExistsException\)/,
    ],
    [
      'a call that was denied',
      createAccessKey(KEY, { at: AT, detail: { errorCode: 'AccessDenied', responseElements: null } }),
      /failed \(AccessDenied\)/,
    ],
  ])('%s', async (_what, event, reason) => {
    expect(await born(event)).toEqual({ reason: expect.stringMatching(reason) });
  });
});

describe('what is no such event is refused', () => {
  const key = createAccessKey(KEY, { at: AT });
  test.each([
    ['another event', { ...key, detail: { ...key.detail, eventName: 'DeleteAccessKey' } }],
    [
      'another service under the name',
      { ...key, detail: { ...key.detail, eventSource: 'sts.amazonaws.com' } },
    ],
    ['an event of somebody else', { ...key, 'detail-type': 'AWS Service Event via CloudTrail' }],
    ['an account that speaks of another', { ...key, account: HUB }],
    ['no instant', createAccessKey(KEY, { at: 'yesterday' })],
    ['a key id that is none', createAccessKey({ ...KEY, accessKeyId: 'AKIA/../x' }, { at: AT })],
    ['a user name that is none', createAccessKey({ ...KEY, userName: 'a/b' }, { at: AT })],
    ['nobody who called', createAccessKey(KEY, { at: AT, detail: { userIdentity: undefined } })],
  ])('%s', (_what, event) => {
    expect(() => birthEventSchema.parse(event)).toThrow(z.core.$ZodError);
  });

  test.each([
    ['a key that is not named', createAccessKey(KEY, { at: AT, detail: { responseElements: null } })],
    ['a secret of another account', secret({ arn: ARN.replace(MEMBER, HUB) })],
    ['a secret of another Region', secret({ arn: ARN.replace(REGION, 'eu-west-1') })],
    ['an ARN that is no secret', secret({ arn: `arn:aws:iam::${MEMBER}:user/x` })],
  ])('%s', async (_what, event) => {
    await expect(born(event)).rejects.toMatchObject({ name: 'JanitorError', code: 'event-invalid' });
  });
});
