import { IAMClient, UntagUserCommand } from '@aws-sdk/client-iam';
import { DAY_MS, HOUR_MS } from '../../lib/domain/time.ts';
import { proveHop, requestCoreHash } from '../../lib/identity/index.ts';
import { TicketServer } from '../requests/ticket-server.ts';
import { type Answer, activate, ask, type Caller, iamUser, newestPlan, roleSession } from './asker.ts';
import { deliverApproved, reconcile } from './carried-out.ts';
import { type HubWorld, PLANTED } from './hub-world.ts';
import { HUB, MEMBER, REGION, TICKET_TOKEN } from './places.ts';
import { run } from './workflow.ts';

const dave = iamUser('dave');
const EXCEPTION = '0199d3c2-0001-7000-8000-000000000001';

/** A request as it is sent: an id that the client chose, what, why, on whose account, until when. */
function asked(requestId: string, what: object, days = 20): object {
  return {
    requestId,
    request: {
      ask: what,
      reasonKind: 'business-need',
      reason: 'the quarterly run needs it',
      businessOwner: 'dave',
      ticket: 'OPS-4711',
      endsAt: new Date(Date.now() + days * DAY_MS).toISOString(),
    },
  };
}

async function submit(world: HubWorld, by: Caller, body: object): Promise<Answer> {
  return ask(world, by, { route: 'POST /v1/requests', body });
}

/** Approves a request as it is shown, in the name of each; the bus then hands it to who carries it out. */
async function approve(world: HubWorld, requestId: string, by: readonly string[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const name of by) {
    const shown = await ask(world, iamUser(name), { route: `GET /v1/requests/${requestId}` });
    const { requestHash } = shown.body;
    const route = `POST /v1/requests/${requestId}/approve` as const;
    answers.push(await ask(world, iamUser(name), { route, body: { requestHash } }));
  }
  await deliverApproved(world);
  return answers;
}

/** An exception is asked for, approved by two, seen, challenged, and revoked; what it held goes on. */
export async function excepted(world: HubWorld): Promise<readonly Answer[]> {
  const key = world.key('deployer');
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  const scope = { credentialId: key, rules: ['access-key-unused'] };
  const body = asked(EXCEPTION, { kind: 'exception', scope, while: { owner: 'same' } });
  const answers = [await submit(world, dave, body), await submit(world, dave, body)];
  answers.push(...(await approve(world, EXCEPTION, ['ana', 'ben'])));
  answers.push(await ask(world, dave, { route: `GET /v1/exceptions/${EXCEPTION}` }));
  for (const list of ['requests', 'exceptions', 'challenges'] as const) {
    for (const state of ['open', 'all']) {
      answers.push(await ask(world, iamUser('cleo'), { route: `GET /v1/${list}`, query: { state } }));
    }
  }
  for (const id of [EXCEPTION, key.split('/').at(-1) ?? '', MEMBER]) {
    answers.push(await ask(world, iamUser('cleo'), { route: 'GET /v1/explain', query: { id } }));
  }
  const challenge = { challenged: { kind: 'exception', exceptionId: EXCEPTION }, reason: 'nobody runs it' };
  const opened = await ask(world, iamUser('cleo'), { route: 'POST /v1/challenges', body: challenge });
  answers.push(opened);
  answers.push(
    await ask(world, iamUser('ben'), {
      route: `POST /v1/exceptions/${EXCEPTION}/revoke`,
      body: { reason: 'it was moved' },
    }),
  );
  await reconcile(world);
  return answers;
}

/** The tag that an exception stands on is taken away: the next sweep ends the exception, and goes on without it. */
export async function groundless(world: HubWorld): Promise<readonly Answer[]> {
  const key = world.key('deployer', { tags: { team: 'payments' } });
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  const scope = { credentialId: key, rules: ['access-key-unused'] };
  const what = { kind: 'exception', scope, while: { tag: { team: 'payments' } } };
  const answers = [await submit(world, dave, asked(EXCEPTION, what))];
  answers.push(...(await approve(world, EXCEPTION, ['ana', 'ben'])));
  await untag(world, 'deployer', 'team');
  world.advance(DAY_MS);
  await run(world, { runId: 'run-2', accounts: [MEMBER] });
  return answers;
}

/** What a story about a ticket came to, and what the ticket system was sent to know its caller by. */
interface Ticketed {
  readonly answers: readonly Answer[];
  readonly bearers: readonly (string | undefined)[];
}

/** An exception stands on an open ticket, of which a ticket system tells whoever has the token; it closes. */
export async function ticketed(world: HubWorld): Promise<Ticketed> {
  const server = await TicketServer.open();
  try {
    const says = (state: string) => server.says(JSON.stringify({ ticket: 'OPS-4711', state }));
    says('open');
    world.deployPolicy({ tickets: server.url });
    keepTicketToken(world);
    const key = world.key('deployer');
    await activate(world);
    await run(world, { runId: 'run-1', accounts: [MEMBER] });
    const scope = { credentialId: key, rules: ['access-key-unused'] };
    const what = { kind: 'exception', scope, while: { ticket: 'open' } };
    const answers = [await submit(world, dave, asked(EXCEPTION, what))];
    answers.push(...(await approve(world, EXCEPTION, ['ana', 'ben'])));
    world.advance(DAY_MS);
    await run(world, { runId: 'run-2', accounts: [MEMBER] });
    says('closed');
    world.advance(DAY_MS);
    await run(world, { runId: 'run-3', accounts: [MEMBER] });
    return { answers, bearers: server.asked.map(({ authorization }) => authorization) };
  } finally {
    await server.close();
  }
}

/** The hub's secret with the token. */
function keepTicketToken(world: HubWorld): void {
  const [, , , , , , name = ''] = TICKET_TOKEN.split(':');
  const value = { value: PLANTED, createdAt: world.ago(1) };
  world.services.aws
    .account(HUB)
    .addSecret(REGION, { name: name.slice(0, -7), arnSuffix: name.slice(-6), ...value });
  world.arns.remember(HUB, `secret ${REGION} ${name.slice(0, -7)}`, TICKET_TOKEN);
}

async function untag(world: HubWorld, UserName: string, ...TagKeys: string[]): Promise<void> {
  const { aws } = world.services;
  const credentials = aws.account(MEMBER).credentials();
  const iam = new IAMClient({ region: REGION, credentials, requestHandler: aws.requestHandler() });
  await iam.send(new UntagUserCommand({ UserName, TagKeys }));
  iam.destroy();
}

/** A warned step is challenged, nobody decides, and it goes on; a request that nobody answers lapses, while answers get lost. */
export async function leftAlone(world: HubWorld): Promise<readonly Answer[]> {
  const key = world.key('deployer');
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  const challenged = { kind: 'step', credentialId: key, rule: 'access-key-unused', step: 'disable' };
  const answers = [
    await ask(world, dave, {
      route: 'POST /v1/challenges',
      body: { challenged, reason: 'it runs once a quarter' },
    }),
    await submit(
      world,
      dave,
      asked('0199d3c2-0002-7000-8000-000000000001', { kind: 'restore', credentialId: key }),
    ),
  ];
  world.advance(8 * DAY_MS);
  world.stumble();
  await reconcile(world);
  world.mend();
  return answers;
}

/** What was taken is given back on request, and a frozen plan is approved by a request of two. */
export async function carriedOut(world: HubWorld): Promise<readonly Answer[]> {
  const key = world.key('deployer');
  const other = world.key('builder');
  await activate(world);
  for (const [index, days] of [0, 15].entries()) {
    world.advance(days * DAY_MS);
    await run(world, { runId: `run-${index + 1}`, accounts: [MEMBER] });
  }
  const restore = '0199d3c2-0003-7000-8000-000000000001';
  const answers = [await submit(world, dave, asked(restore, { kind: 'restore', credentialId: other }))];
  answers.push(...(await approve(world, restore, ['ana'])));
  world.advance(46 * DAY_MS);
  await run(world, { runId: 'run-3', accounts: [MEMBER] });
  const { planId, planHash } = await newestPlan(world);
  const plan = '0199d3c2-0004-7000-8000-000000000001';
  answers.push(await submit(world, dave, asked(plan, { kind: 'approve-plan', planId, planHash }, 5)));
  answers.push(...(await approve(world, plan, ['ana', 'ben'])));
  answers.push(await ask(world, iamUser('ana'), { route: 'GET /v1/plans', query: { accountId: MEMBER } }));
  answers.push(await ask(world, iamUser('ana'), { route: 'GET /v1/explain', query: { id: key } }));
  return answers;
}

/** What carrying out ended with: the event is delivered again, and the clock looks at it as well. */
function refused(error: unknown): Answer[] {
  return [{ status: 500, contentType: '', body: { error: String(error) } }];
}

/** A pipeline asks on behalf of somebody who proves it, while an answer gets lost. */
export async function delegated(world: HubWorld): Promise<readonly Answer[]> {
  const key = world.key('deployer');
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  const pipeline = roleSession('deploy', 'run-17', 'AROAEXAMPLE000000001', MEMBER);
  const told = await ask(world, pipeline, { route: 'GET /v1/caller' });
  const body = asked('0199d3c2-0006-7000-8000-000000000001', { kind: 'restore', credentialId: key });
  const proof = await proveHop({
    credentials: signingUser(world, 'dave'),
    partition: 'aws',
    region: REGION,
    api: String(told.body.api),
    core: requestCoreHash(body),
    next: pipeline.userArn,
    now: new Date().toISOString(),
  });
  world.services.aws.faults.add({
    match: {
      service: 'dynamodb',
      when: ({ request }) => request.body.includes(world.deployment.tables.proofs),
    },
    effect: 'answer-lost',
    times: 1,
  });
  return [told, await submit(world, pipeline, { ...body, delegation: [proof] })];
}

/** Keys of a person of the hub, as the real user that the directory names. */
function signingUser(world: HubWorld, name: string) {
  const hub = world.services.aws.account(HUB);
  hub.addUser({ name, path: '/people/' });
  const { id: accessKeyId, secretAccessKey } = hub.addAccessKey(name);
  return { accessKeyId, secretAccessKey };
}

/** A pipeline of a member account says who it is taken for; keys in use are rotated on request, one in vain. */
export async function askedFromElsewhere(world: HubWorld): Promise<readonly Answer[]> {
  const { key } = world.storedKey('builder');
  await activate(world);
  const pipeline = roleSession('deploy', 'run-17', 'AROAEXAMPLE000000001', MEMBER);
  const rotate = '0199d3c2-0005-7000-8000-000000000001';
  const answers = [
    await ask(world, pipeline, { route: 'GET /v1/caller' }),
    await submit(world, dave, asked(rotate, { kind: 'rotate-now', credentialId: key }, 5)),
    ...(await approve(world, rotate, ['ana'])),
  ];
  const { key: broken } = world.storedKey('sorter');
  const vain = '0199d3c2-0005-7000-8000-000000000002';
  answers.push(await submit(world, dave, asked(vain, { kind: 'rotate-now', credentialId: broken }, 5)));
  world.refuseOnce('secretsmanager', 'PutSecretValue');
  answers.push(...(await approve(world, vain, ['ana']).catch(refused)));
  world.advance(HOUR_MS);
  await reconcile(world);
  return answers;
}
