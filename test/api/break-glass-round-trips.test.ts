import { describe, expect, it } from 'vitest';
import { subjects } from '../../lib/domain/subject.ts';
import { breakGlassServiceOf } from '../../lib/wiring/break-glass/service.ts';
import { content, Ground } from '../break-glass/ground.ts';
import { person } from '../builders/event.ts';
import { brokerDesk, brokerPolicy, onCallEngineer, Waves } from './broker-ground.ts';

const READ = ['GetRole', 'Query', 'Query', 'Query', 'on call'];
const RECORD = ['PutItem', 'PutItem'];
/** The row of the list is written beside the session that nobody keeps waiting. */
const ACT = ['AssumeRole', 'PutItem', 'announcement', 'schedule'];

describe('from invocation to credentials: four sequential round trips, by the call log of the real service', () => {
  it('read, record, act, record: an engineer of Identity Center, on call by an HTTP system', async () => {
    const ground = await Ground.open();
    const waves = new Waves();
    ground.passage = waves.passage;
    const service = breakGlassServiceOf(await brokerDesk(ground));
    const started = await service.startGrant(onCallEngineer('ana'), content());
    expect(started.outcome).toBe('started');
    expect(waves.waves).toEqual([READ, RECORD, ACT, ['PutItem']]);
  });

  it('a renewal takes as many: read, record, act, record', async () => {
    const ground = await Ground.open();
    const service = breakGlassServiceOf(await brokerDesk(ground));
    await service.startGrant(onCallEngineer('ana'), content());
    const waves = new Waves();
    ground.passage = waves.passage;
    await service.renewGrant(onCallEngineer('ana'), content().grantId);
    expect(waves.waves).toEqual([
      ['GetRole', 'Query', 'Query'],
      ['PutItem'],
      ['AssumeRole', 'PutItem'],
      ['PutItem'],
    ]);
  });

  it('a version in force that is not the deployed one costs one read more, and its rules decide', async () => {
    const ground = await Ground.open();
    const inForce = brokerPolicy({ role: { longest: '2h' } });
    const { ledger } = await ground.context();
    await ledger.append(subjects.activation, null, {
      at: ground.now,
      actor: person('bo'),
      type: 'policy.activated',
      data: { hash: inForce.hash, first: true },
    });
    const waves = new Waves();
    ground.passage = waves.passage;
    const archived = (hash: string) =>
      ground.passage('the archive', async () => (hash === inForce.hash ? inForce : brokerPolicy()));
    const service = breakGlassServiceOf(await brokerDesk(ground, brokerPolicy(), { archived }));
    const started = await service.startGrant(onCallEngineer('ana'), content({ durationSeconds: 7_200 }));
    expect(started.grant.policyHash).toBe(inForce.hash);
    expect(waves.waves).toEqual([READ, ['the archive'], RECORD, ACT, ['PutItem']]);
  });

  it('one call more in sequence is one wave more: the check itself would see it', async () => {
    const ground = await Ground.open();
    const waves = new Waves();
    ground.passage = waves.passage;
    const desk = await brokerDesk(ground);
    const slower = breakGlassServiceOf({
      ...desk,
      onCall: async (role, accountId) => {
        await ground.passage('a token', async () => {});
        return desk.onCall(role, accountId);
      },
    });
    await slower.startGrant(onCallEngineer('ana'), content());
    expect(waves.waves).toHaveLength(5);
  });
});
