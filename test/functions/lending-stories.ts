import { CreateAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { MINUTE_MS } from '../../lib/domain/time.ts';
import { type Answer, activate, ask, type Caller, iamUser, roleSession } from './asker.ts';
import type { HubWorld } from './hub-world.ts';
import { HUB, MEMBER, REGION } from './places.ts';
import { VAULT } from './policy-folder.ts';
import { identityCenterUser } from './stories.ts';

const ana = iamUser('ana');
const ben = iamUser('ben');
const cleo = iamUser('cleo');
const grants = '/v1/break-glass/grants';
export const GRANT = '0199d3c2-0101-7000-8000-000000000001';
const OTHER = '0199d3c2-0102-7000-8000-000000000001';
const DRILL = '0199d3c2-0103-7000-8000-000000000001';

function asked(grantId: string, role = 'database-admin'): object {
  return {
    grantId,
    role,
    accountId: MEMBER,
    durationSeconds: 1800,
    reason: 'the orders database does not accept writes',
    ticket: 'OPS-7',
  };
}

function take(world: HubWorld, by: Caller, grantId: string, role?: string): Promise<Answer> {
  return ask(world, by, { route: `POST ${grants}`, body: asked(grantId, role) });
}

const credentials = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
});

/** A person makes a key, reads a secret and opens a shell with what they were given. */
async function use(world: HubWorld, { body }: Answer, secret: string): Promise<void> {
  const options = {
    region: REGION,
    endpoint: world.services.cloud.url,
    credentials: credentials.parse(body.credentials),
  };
  const iam = new IAMClient(options);
  await iam.send(new CreateAccessKeyCommand({ UserName: 'deployer' }));
  const secrets = new SecretsManagerClient(options);
  await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
  const ssm = new SSMClient(options);
  await ssm.send(new StartSessionCommand({ Target: 'i-0123456789abcdef0' }));
  for (const client of [iam, secrets, ssm]) client.destroy();
}

async function round(world: HubWorld, minutes: number): Promise<void> {
  world.advance(minutes * MINUTE_MS);
  await world.invoke('reconcile-grants', { reconcile: true });
}

function remember(world: HubWorld): void {
  for (const name of ['database-admin', 'administrator', 'drill']) {
    world.arns.remember(MEMBER, `role ${name}`, `arn:aws:iam::${MEMBER}:role/janitor/break-glass/${name}`);
  }
}

/** A role is taken, used, renewed, shown and given back; what it did is gathered, and somebody else reviews it. */
export async function lent(world: HubWorld): Promise<readonly Answer[]> {
  remember(world);
  world.key('deployer');
  world.secret('payments/db', { usedDays: 1 });
  await activate(world);
  const pipeline = roleSession('deploy', 'run-17', 'AROAEXAMPLE000000001', MEMBER);
  const roles = await ask(world, pipeline, { route: 'GET /v1/break-glass/roles' });
  const started = await take(world, ana, GRANT);
  const again = await take(world, ana, GRANT);
  await use(world, started, 'payments/db');
  world.advance(10 * MINUTE_MS);
  const renewed = await ask(world, ana, { route: `POST ${grants}/${GRANT}/credentials` });
  const open = await ask(world, identityCenterUser(world, 'ben'), {
    route: `GET ${grants}`,
    query: { state: 'open' },
  });
  const body = { reason: 'it accepts writes again' };
  const returned = await ask(world, ana, { route: `POST ${grants}/${GRANT}/return`, body });
  for (const minutes of [16, 60]) await round(world, minutes);
  const evidence = await ask(world, ben, { route: `GET ${grants}/${GRANT}/evidence` });
  const verdict = { verdict: 'closed', reason: 'as the ticket says' };
  const reviewed = await ask(world, ben, { route: `POST ${grants}/${GRANT}/review`, body: verdict });
  const shown = await ask(world, cleo, { route: `GET ${grants}/${GRANT}` });
  const all = await ask(world, cleo, { route: `GET ${grants}`, query: { state: 'all' } });
  return [roles, started, again, renewed, open, returned, evidence, reviewed, shown, all];
}

/** So many grants end that the oldest version of the policy of ended grants has to go. */
async function takenAndReturned(world: HubWorld, times: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < times; index += 1) {
    const id = `0199d3c2-0110-7000-8000-00000000000${index}`;
    answers.push(await take(world, ana, id));
    answers.push(await ask(world, ana, { route: `POST ${grants}/${id}/return`, body: {} }));
  }
  return answers;
}

/**
 * A role that takes a second person is approved and ends by its schedule, while answers get lost; another's schedule is made
 * by the next look and it is revoked, a drill is held, and the policy that is deployed is not the one in force.
 */
export async function lentToTheEnd(world: HubWorld): Promise<readonly Answer[]> {
  remember(world);
  await activate(world);
  world.deployPolicy({ lends: true, perAccountPerDay: 9 });
  const waiting = await take(world, ana, GRANT, 'administrator');
  const approved = await ask(world, ben, { route: `POST ${grants}/${GRANT}/approve` });
  const started = await take(world, ana, GRANT, 'administrator');
  world.services.scheduler.broken = true;
  const other = await take(world, cleo, OTHER);
  world.services.scheduler.broken = false;
  await round(world, 5);
  world.stumble();
  const revoked = await ask(world, ben, {
    route: 'POST /v1/break-glass/revocations',
    body: { role: 'database-admin', reason: 'it is over' },
  });
  world.mend();
  const drill = { grantId: DRILL, accountId: MEMBER };
  const held = await ask(world, ana, { route: 'POST /v1/break-glass/drills', body: drill });
  const many = await takenAndReturned(world, 4);
  world.advance(30 * MINUTE_MS);
  world.stumble();
  for (const { Target } of world.services.scheduler.schedules) {
    await world.invoke('reconcile-grants', JSON.parse(Target.Input));
  }
  world.mend();
  await round(world, 1);
  const shown = await ask(world, ana, { route: `GET ${grants}/${GRANT}` });
  return [waiting, approved, started, other, revoked, held, shown, ...many];
}

/** CloudTrail's word of one call in a member account, as its rule forwards it. */
function told(detail: object): object {
  return {
    version: '0',
    id: '8e8b9f0e-0000-4000-8000-000000000000',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sts',
    account: MEMBER,
    time: new Date().toISOString(),
    region: REGION,
    resources: [],
    detail: {
      eventVersion: '1.11',
      eventTime: new Date().toISOString(),
      awsRegion: REGION,
      sourceIPAddress: '192.0.2.66',
      recipientAccountId: MEMBER,
      eventType: 'AwsApiCall',
      ...detail,
    },
  };
}

/** A role is assumed past the broker, and an identity of the vault is used; both become incidents that are reviewed. */
export async function usedWithoutGrant(world: HubWorld): Promise<readonly Answer[]> {
  remember(world);
  await activate(world);
  const assumed = told({
    eventID: '11111111-0000-4000-8000-000000000001',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${HUB}:assumed-role/Somebody/else`,
      accountId: HUB,
      sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${HUB}:role/Somebody` } },
    },
    requestParameters: {
      roleArn: `arn:aws:iam::${MEMBER}:role/janitor/break-glass/database-admin`,
      roleSessionName: 'mine',
    },
  });
  const vault = told({
    eventID: '11111111-0000-4000-8000-000000000002',
    eventSource: 'iam.amazonaws.com',
    eventName: 'ListUsers',
    userIdentity: { type: 'IAMUser', arn: VAULT, accountId: MEMBER, userName: 'emergency' },
  });
  for (const event of [assumed, vault, vault]) await world.invoke('reconcile-grants', event);
  const incidents = await ask(world, ben, { route: 'GET /v1/break-glass/incidents' });
  const answers = [incidents];
  for (const { incidentId } of items(incidents)) {
    const body = { verdict: 'finding', reason: 'nobody knew', followUp: 'SEC-1' };
    answers.push(
      await ask(world, ben, { route: `POST /v1/break-glass/incidents/${incidentId}/review`, body }),
    );
  }
  await round(world, 5);
  return answers;
}

const incidentList = z.object({ items: z.array(z.object({ incidentId: z.string() })) });
const items = ({ body }: Answer) => incidentList.parse(body).items;
