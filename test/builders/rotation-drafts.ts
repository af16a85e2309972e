import type { Actor } from '../../lib/domain/actor.ts';
import type { EventDraft } from '../../lib/domain/event.ts';
import { asker } from './asked.ts';
import { ACCOUNT, NOW } from './credential.ts';

type RotationType = Extract<EventDraft['type'], `${'rotation' | 'rotations'}.${string}`>;

const KEY_ID = `arn:aws:iam::${ACCOUNT}:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0`;
const SECRET_ID = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:ci/deployer-AbCdEf`;
const rotationId = 'c9b2d1f0-7a7e-4a7e-9d4e-2f1f6a1b0c3d';
const actor: Actor = { kind: 'workload', arn: 'arn:aws:sts::111122223333:assumed-role/janitor-sweep/run' };
const sweep = { at: NOW, actor, policyHash: 'c'.repeat(64) };
const ruled = { ...sweep, rule: 'access-key-unused', ruleHash: 'd'.repeat(64), controls: ['NHI7:2025'] };

/** One plausible draft of every event of a rotation. */
export const ROTATION_DRAFTS: { readonly [T in RotationType]: Extract<EventDraft, { type: T }> } = {
  'rotation.begun': {
    ...ruled,
    type: 'rotation.begun',
    data: { rotationId, trigger: 'step', by: 'janitor', secretId: SECRET_ID },
  },
  'rotation.resumed': {
    ...sweep,
    type: 'rotation.resumed',
    data: { rotationId },
  },
  'rotation.key-created': {
    ...sweep,
    type: 'rotation.key-created',
    data: { rotationId, accessKeyId: 'AKIAEXAMPLENEWKEY000' },
  },
  'rotation.key-removed': {
    ...sweep,
    type: 'rotation.key-removed',
    reason: 'no version of the secret holds it',
    data: { rotationId, accessKeyId: 'AKIAEXAMPLENEWKEY000' },
  },
  'rotation.finished': {
    ...sweep,
    type: 'rotation.finished',
    data: { rotationId, secretId: SECRET_ID, accessKeyId: 'AKIAEXAMPLENEWKEY000' },
  },
  'rotation.failed': {
    ...sweep,
    type: 'rotation.failed',
    reason: 'the user has two keys in use',
    data: { rotationId, secretId: SECRET_ID, code: 'slots-full' },
  },
  'rotation.blocked': {
    ...ruled,
    type: 'rotation.blocked',
    reason: 'no secret holds this key',
    data: { code: 'no-store' },
  },
  'rotations.stopped': {
    ...sweep,
    type: 'rotations.stopped',
    data: { rotationId, credentialId: KEY_ID, code: 'slots-full' },
  },
  'rotations.allowed': {
    ...sweep,
    actor: asker('ana'),
    type: 'rotations.allowed',
    reason: 'the slot is free',
    data: {},
  },
};
