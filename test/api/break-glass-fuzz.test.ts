import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiHandler, breakGlassHandler } from '../../lib/api/index.ts';
import { breakGlassServiceOf } from '../../lib/wiring/break-glass/service.ts';
import { content, Ground, ROLE } from '../break-glass/ground.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { brokerDesk, brokerPolicy, onCallEngineer, PEOPLE, workloadCaller } from './broker-ground.ts';
import { anything, calls, expectDocumented, OPERATIONS, type Subject } from './fuzz.ts';
import { ask, recordedLog } from './gateway.ts';

const CALLERS = [
  ...PEOPLE.map(onCallEngineer),
  ...['ana', 'ana', 'bo'].map(onCallEngineer),
  onCallEngineer('nobody'),
  workloadCaller('deploy'),
  { ...onCallEngineer('ana'), userId: 'AROAOTHER00000000000:bo' },
  { ...onCallEngineer('ana'), accountId: '999900001111' },
];

const RUNS: Readonly<Record<string, number>> = {
  startGrant: 500,
  renewGrant: 80,
  returnGrant: 80,
  revokeGrant: 80,
  drill: 80,
};
const SECRET = 'aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const OWN = OPERATIONS.filter(({ path }) => path.startsWith('/v1/break-glass/'));

interface BrokerSubject extends Subject {
  readonly ground: Ground;
  readonly lines: ReturnType<typeof recordedLog>['lines'];
  /** Secret parts of all credentials that were answered. */
  readonly secrets: Set<string>;
}

/** The real service over an embedded AWS, with grants in every state. */
async function realSubject(): Promise<BrokerSubject> {
  const ground = await Ground.open();
  const desk = await brokerDesk(ground, brokerPolicy({ role: { onCall: { people: ['ana', 'bo'] } } }));
  const service = breakGlassServiceOf(desk);
  const ids = ['grant-active-1', 'grant-returned', 'grant-refused-1', 'grant-unknown-1'];
  const [active = '', returned = '', refused = ''] = ids;
  await service.startGrant(onCallEngineer('ana'), content({ grantId: active }));
  await service.startGrant(onCallEngineer('ana'), content({ grantId: returned }));
  await service.returnGrant(onCallEngineer('ana'), returned, undefined);
  await service.startGrant(onCallEngineer('cy'), content({ grantId: refused })).catch(() => {});
  const { log, lines } = recordedLog();
  const secrets = new Set<string>();
  const inner = breakGlassHandler({ service: async () => service, log });
  const handler: ApiHandler = async (event, context) => {
    const answer = await inner(event, context);
    const { credentials } = JSON.parse(answer.body);
    if (credentials !== undefined) secrets.add(credentials.secretAccessKey).add(credentials.sessionToken);
    return answer;
  };
  return {
    ground,
    lines,
    secrets,
    handler,
    plausible: {
      grantId: [
        ...Array(60).fill(ids).flat(),
        ...Array.from({ length: 400 }, (_, index) => `grant-new-${index}`),
      ],
      incidentId: ['a'.repeat(32)],
      role: [ROLE, ROLE, ROLE, 'no-such-role'],
      accountId: [ACCOUNT, ACCOUNT, ACCOUNT, '444455556666'],
      durationSeconds: [1800, 1800, 1800, 60, 30, 86_400],
      reason: [content().reason, content().reason, content().reason, 'short', SECRET],
      ticket: ['OPS-7', 'OPS-7', 'OPS-7', '#!'],
      followUp: ['rotate what was shown'],
    },
    identities: CALLERS.map(({ accountId, arn, userId }) => ({
      accountId,
      userArn: arn,
      user: userId,
      caller: userId,
    })),
    stored: () => ground.log.filter((call) => call === 'PutItem').length,
    answered: new Set(),
  };
}

describe('whatever is sent to the broker, only what the document says is answered, and only refusals are stored on 4xx (I20)', () => {
  let subject: BrokerSubject;
  beforeAll(async () => {
    subject = await realSubject();
  });

  it.each(OWN.map((each, index) => [String(each.operation.operationId), each, index] as const))(
    '%s, as described and with one thing wrong',
    async (_name, operation, seed) => {
      await fc.assert(
        fc.asyncProperty(calls(operation, subject), (sent) => expectDocumented(subject, sent)),
        { numRuns: RUNS[String(operation.operation.operationId)] ?? 40, seed },
      );
    },
  );

  it('arbitrary bytes at any path', async () => {
    await fc.assert(
      fc.asyncProperty(anything(subject), async (sent) => {
        const { status, body } = await ask(subject.handler, sent);
        expect(status, JSON.stringify(body)).toBeLessThan(500);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('and much of it got past every schema', () => {
    const reached = [
      'startGrant 200',
      'startGrant not-on-call',
      'startGrant not-a-person',
      'startGrant role-unknown',
      'startGrant account-not-covered',
      'startGrant reason-too-short',
      'startGrant duration-too-long',
      'startGrant secret-shaped',
      'startGrant grant-conflict',
      'getGrant 200',
      'getGrant caller-refused',
      'renewGrant grant-not-found',
      'returnGrant may-not-return',
      'revokeGrant 200',
      'reviewGrant not-a-reviewer',
      'drill 200',
    ];
    expect([...subject.answered]).toEqual(expect.arrayContaining(reached));
  });

  it('no credential that was handed out is in the log, in the record or in a list', () => {
    expect(subject.secrets.size).toBeGreaterThan(5);
    const tables = ['ledger', 'state'].map((name) => subject.ground.dynamo.table(name).all());
    const written = JSON.stringify([subject.lines, tables]);
    for (const secret of subject.secrets) expect(written).not.toContain(secret);
    expect(written).not.toContain('wJalrXUtnFEMI');
  });
});
