import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Sensitive } from '../../lib/domain/sensitive.ts';
import type { Fault } from '../../lib/embedded-aws/index.ts';
import { driveRotation, type RotationContext, rotateStep, STEPS } from '../../lib/rotation/index.ts';
import { Ground, type Seeded, TOKEN } from './ground.ts';
import { begun, currentValue } from './scene.ts';

const PASSWORD = 'Planted-Password-7f1c9a';
const SECRET = 'PlantedSecretAccessKey0123456789abcdefgh';

/** One rotation, by the janitor itself and by its function; what it told, or what it threw. */
const WALKS: readonly ((context: RotationContext, seeded: Seeded) => Promise<unknown>)[] = [
  (context, { secretId, credentialId }) =>
    driveRotation(context, { secretId, credentialId, token: TOKEN, trigger: 'step' }),
  async (context, { secretId }) => {
    for (const step of STEPS) await rotateStep(context, { secretId, token: TOKEN }, step);
  },
];

/** All that rotations under these faults wrote, told or threw, hidden fields of errors included. */
async function everything(faults: readonly Fault[], document: Record<string, unknown> = {}): Promise<string> {
  const all: string[] = [];
  for (const walk of WALKS) {
    const ground = await Ground.open();
    const seeded = ground.seed({ document: { password: PASSWORD, secretAccessKey: SECRET, ...document } });
    await begun(ground, seeded);
    for (const fault of faults) ground.aws.faults.add(fault);
    const context = await ground.context();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      all.push(seen(await walk(context, seeded).catch((error: unknown) => error)));
    }
    all.push(seen(ground.stored), seen(ground.aws.changes.all), seen(ground.aws.snapshot()));
    const { secretAccessKey } = await currentValue(ground, seeded.secretId);
    expectWithout(all.join('\n'), [String(secretAccessKey)]);
  }
  return all.join('\n');
}

function seen(value: unknown): string {
  return `${inspect(value, { depth: 12, showHidden: true, maxStringLength: null })}${JSON.stringify(value)}`;
}

function expectWithout(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

/** AWS quotes what it refuses: here, what was planted. */
function quoting(operation: string, code: string, status: number): Fault {
  const message = `1 validation error: Value '{"password":"${PASSWORD}","secretAccessKey":"${SECRET}"}'`;
  return { match: { operation, process: 'main' }, effect: 'error', code, status, message, times: 20 };
}

describe('a secret value or secret access key is in nothing that is written, told or thrown (G7)', () => {
  it('when all goes well', async () => {
    const text = await everything([]);
    expect(text).toContain('rotation.finished');
    expectWithout(text, [PASSWORD, SECRET]);
  });

  it.each([
    ['PutSecretValue', 'ValidationException', 400],
    ['PutSecretValue', 'InternalServiceError', 500],
    ['GetSecretValue', 'InvalidRequestException', 400],
    ['CreateAccessKey', 'ServiceFailure', 500],
    ['CreateAccessKey', 'ValidationError', 400],
    ['GetCallerIdentity', 'SignatureDoesNotMatch', 403],
    ['GetCallerIdentity', 'ValidationError', 400],
  ])('when %s fails with %s and quotes it', async (operation, code, status) => {
    const text = await everything([quoting(operation, code, status)]);
    expectWithout(text, [PASSWORD, SECRET]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the key id', { accessKeyId: PASSWORD }],
    ['the user name', { userName: `${SECRET} ${PASSWORD}` }],
    ['a number', { accessKeyId: 7 }],
  ])('when it stands in place of %s', async (_name, document) => {
    expectWithout(await everything([], document), [PASSWORD, SECRET]);
  });

  it('when the value is no JSON: the parser quotes it, we do not', async () => {
    const ground = await Ground.open();
    const seeded = ground.seed({ value: `password=${PASSWORD}` });
    const context = await ground.context();
    const outcome = await driveRotation(context, { ...seeded, token: TOKEN, trigger: 'step' });
    expect(seen(outcome)).toContain('value-malformed');
    expectWithout(seen(outcome), [PASSWORD]);
  });

  it('when it is printed, inspected or made JSON of', () => {
    const sensitive = new Sensitive(PASSWORD);
    const shown = [
      `${sensitive}`,
      JSON.stringify({ sensitive }),
      inspect({ sensitive }, { showHidden: true }),
    ];
    expectWithout(shown.join(' '), [PASSWORD]);
    expect(sensitive.reveal()).toBe(PASSWORD);
  });
});
