import { JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import { type Admitted, admit } from './admission.ts';
import type { RotationContext, StepRequest } from './context.ts';
import { type Creation, createSecret } from './create-secret.ts';
import { finishSecret, settle, takeBack } from './finish-secret.ts';
import { proveKey, seeKey } from './propagation.ts';
import { RotationRecord } from './record.ts';
import { trouble } from './trouble.ts';
import type { KeyDocument } from './value-document.ts';
import { documentOf, replacedCredential, versionBefore } from './versions.ts';

export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type Step = (typeof STEPS)[number];

/** Both spellings that Secrets Manager's documentation has: `createSecret` and `create_secret`. */
export const stepSchema = z.pipe(
  z.enum([...STEPS, 'create_secret', 'set_secret', 'test_secret', 'finish_secret']),
  z.transform((name): Step => SPELLINGS[name]),
);

const SPELLINGS = {
  createSecret: 'createSecret',
  create_secret: 'createSecret',
  setSecret: 'setSecret',
  set_secret: 'setSecret',
  testSecret: 'testSecret',
  test_secret: 'testSecret',
  finishSecret: 'finishSecret',
  finish_secret: 'finishSecret',
} as const;

/** What a step came to. */
export type StepResult =
  /** `accessKeyId`: of the new key. */
  | { readonly ok: true; readonly accessKeyId: string }
  | {
      readonly ok: false;
      readonly error: JanitorError;
      /** What the step found out before it ended; undefined when it was not even admitted. */
      readonly creation: Creation | undefined;
    };

/**
 * Performs one step. Each may be repeated; one that comes out of order finds nothing to do or is refused. Trouble is a
 * value and is not recorded here; what is no error of ours is thrown.
 */
export async function performStep(
  context: RotationContext,
  request: StepRequest,
  step: Step,
): Promise<StepResult> {
  let creation: Creation | undefined;
  let pending: KeyDocument | undefined;
  try {
    const admitted = await admit(context, request);
    creation = await creationOf(context, request, admitted);
    if (admitted.version === 'current') return await repeated(context, creation, step);
    if (step === 'createSecret') {
      return { ok: true, accessKeyId: await createSecret(context, creation) };
    }
    pending = await pendingOf(context, creation);
    await PERFORM[step](context, creation, pending);
    return { ok: true, accessKeyId: pending.key.accessKeyId };
  } catch (error) {
    if (!(error instanceof JanitorError)) throw error;
    if (creation !== undefined && pending !== undefined) {
      await tookBack(context, creation, { code: error.code, pending });
    }
    return { ok: false, error, creation };
  }
}

const PERFORM = { setSecret: seeKey, testSecret: proveKey, finishSecret } as const;

async function creationOf(
  context: RotationContext,
  request: StepRequest,
  admitted: Admitted,
): Promise<Creation> {
  const { store, version } = admitted;
  const isTold = version === 'current' && request.credentialId !== undefined;
  const beforeId = isTold ? undefined : versionBefore(store, request.token);
  const before = beforeId === undefined ? undefined : await documentOf(context, admitted, beforeId);
  const credentialId = replacedCredential(admitted, request, before);
  return { ...admitted, request, before, record: new RotationRecord(context, request, credentialId) };
}

/** The version is the current one: at most the end of the rotation is still to be told. */
async function repeated(context: RotationContext, creation: Creation, step: Step): Promise<StepResult> {
  const document = await pendingOf(context, creation);
  if (step === 'finishSecret') await settle(context, creation, document);
  return { ok: true, accessKeyId: document.key.accessKeyId };
}

async function pendingOf(context: RotationContext, creation: Creation): Promise<KeyDocument> {
  const { store, request, version } = creation;
  const document = version === 'new' ? undefined : await documentOf(context, creation, request.token);
  if (document !== undefined) return document;
  throw trouble('pending-without-value', `version ${request.token} of ${store.arn} has no value yet`, {
    source: 'system',
    hint: 'The step createSecret comes first; Secrets Manager starts the rotation again.',
  });
}

async function tookBack(...given: Parameters<typeof takeBack>): Promise<void> {
  try {
    await takeBack(...given);
  } catch (error) {
    if (!(error instanceof JanitorError)) throw error;
  }
}
