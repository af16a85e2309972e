import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HubWorld } from './hub-world.ts';
import { HUB, MEMBER } from './places.ts';
import { enforcedLife, type Life } from './stories.ts';

describe('a credential from its first label to its deletion', () => {
  let world: HubWorld;
  let life: Life;
  beforeAll(async () => {
    world = await HubWorld.open();
    life = await enforcedLife(world);
  }, 120_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  test('every change is made by the member role of its purpose, in its time', () => {
    const { key, secret, runs, deeds, approved, undeleted } = life;
    const keyId = key.split('/').at(-1);

    expect(deeds).toEqual([
      [
        'credential-janitor-member-tag TagUser robot',
        'credential-janitor-member-tag TagUser deployer',
        'credential-janitor-member-tag UntagUser deployer',
        `credential-janitor-member-tag TagResource ${secret}`,
      ],
      [
        `credential-janitor-member-quarantine UpdateAccessKey deployer/${keyId}`,
        `credential-janitor-member-quarantine PutResourcePolicy ${secret}`,
      ],
      [],
      [
        `credential-janitor-member-delete DeleteAccessKey deployer/${keyId}`,
        `credential-janitor-member-delete DeleteSecret ${secret}`,
      ],
    ]);
    expect(runs.map(({ demanded, allotted }) => [demanded, allotted])).toEqual([
      [0, 0],
      [2, 2],
      [0, 0],
      [2, 2],
    ]);
    expect(runs.map(({ acted }) => acted.map(({ accountId, status }) => `${accountId} ${status}`))).toEqual([
      [`${HUB} finished`, `${MEMBER} finished`],
      [`${MEMBER} finished`],
      [`${HUB} finished`, `${MEMBER} finished`],
      [`${MEMBER} finished`],
    ]);
    expect(approved).toMatchObject({ status: 200, body: { state: 'approved', remaining: 0 } });
    expect(undeleted).toMatchObject({
      status: 200,
      body: {
        changes: [
          { change: 'undelete', outcome: 'done' },
          { change: 'enable', outcome: 'done' },
        ],
      },
    });
  });

  test('I1 I3 G1 owners are told by mail, operators and integrations get a copy, and the record says who did what', async () => {
    const { ses, sns, bus } = world.services;

    expect(
      ses.sent.map(({ Destination, ConfigurationSetName }) => [
        ...Destination.ToAddresses,
        ConfigurationSetName,
      ]),
    ).toEqual([
      ['dave@example.com', 'credential-janitor'],
      ['dave@example.com', 'credential-janitor'],
      ['ana@example.com', 'credential-janitor'],
    ]);
    const notices = sns.published.filter(({ subject }) => !subject.includes('accounts swept'));
    expect(notices).toHaveLength(3);
    expect(bus.events.map(({ Source }) => Source)).toEqual(
      Array.from({ length: 3 }, () => 'credential-janitor'),
    );

    const chain = await world.services.ledger.chain(`credential#${life.key}`);
    expect(chain.map(({ type }) => type)).toEqual([
      'finding.opened',
      'finding.opened',
      'step.intended',
      'step.done',
      'finding.closed',
      'owner.notified',
      'step.intended',
      'step.done',
      'owner.notified',
      'step.intended',
      'step.done',
      'finding.closed',
    ]);
    const by = new Set(chain.map(({ actor }) => actor.arn.split('/')[1]));
    expect([...by].toSorted()).toEqual([
      'credential-janitor-act-on-account',
      'credential-janitor-decide-account',
    ]);
  });
});
