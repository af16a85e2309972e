import { beforeEach, expect, it } from 'vitest';
import { reconcile } from '../../lib/wiring/service/index.ts';
import type { Key } from '../sweep/ground.ts';
import { iamUser, person } from './callers.ts';
import { codeOf, ServiceGround } from './service-ground.ts';

const FLOOD = 20;

let ground: ServiceGround;
let key: Key;
beforeEach(async () => {
  ground = await ServiceGround.open();
  key = await ground.warnedKey();
});

/** The chains that are read while something happens, in their order. */
async function chainsRead(work: () => Promise<void>): Promise<string[]> {
  const { ledger } = ground.desk;
  const { chain } = ledger;
  const read: string[] = [];
  ledger.chain = (subject) => {
    read.push(subject);
    return chain.call(ledger, subject);
  };
  await work();
  ledger.chain = chain;
  return read;
}

it('G20: whoever is denied a thousand times keeps nobody waiting for what was approved', async () => {
  const asked = await ground.asked(person('erin'), ground.content(key));
  await ground.approve(person('alice'), asked);
  ground.defer = true;
  await ground.approve(person('bob'), asked);
  const denied: string[] = [];
  for (let each = 0; each < FLOOD; each += 1) {
    const requestId = ground.newId();
    denied.push(`request#${requestId}`);
    expect(await codeOf(ground.asked(iamUser('mallory'), ground.content(key), requestId))).toBe(
      'caller-unresolved',
    );
  }
  const read = await chainsRead(() => reconcile(ground.desk));
  expect(await ground.service.getRequest(person('erin'), asked.requestId)).toMatchObject({ state: 'done' });
  const isDenied = (subject: string) => denied.includes(subject);
  expect(read.findIndex(isDenied)).toBeGreaterThan(read.indexOf(`exception#${asked.requestId}`));
  expect(read.filter(isDenied)).toHaveLength(FLOOD);
});
