import { vi } from 'vitest';
import * as z from 'zod';
import { accessKeyCredentialId } from '../../lib/domain/credential.ts';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import type { EventType } from '../../lib/domain/event-data.ts';
import { MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { DAY_MS } from '../../lib/domain/time.ts';
import {
  deployedNames,
  type FunctionName,
  MEMBER_PURPOSES,
  MEMBER_ROLE_PATH,
} from '../../lib/infrastructure/names.ts';
import { Arns } from './arns.ts';
import { type Deployment, plainDeployment } from './deployment.ts';
import { type HubServices, startHubServices } from './hub-services.ts';
import { type StartedFunction, startFunction } from './lambda-runtime.ts';
import { HUB, MEMBER, REGION } from './places.ts';
import { type PolicyChoices, PolicyFolder } from './policy-folder.ts';
import { type KeySeed, rotationBy, type SecretSeed, type StoredKeySeed } from './seeds.ts';

export const T0 = '2026-03-02T08:00:00.000Z';

/** Value of every secret: it must show nowhere. */
export const PLANTED = 'planted-value-of-a-secret';

/** Metrics are logged as JSON in CloudWatch's embedded format. */
const metricsSchema = z.looseObject({ _aws: z.unknown() });

const ANYBODY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
};

const NOBODY = { Version: '2012-10-17', Statement: [] };

const names = deployedNames();

/** A deployed hub: its functions run in this process, one after the other, against services on loopback. */
export class HubWorld {
  readonly deployment: Deployment;
  readonly services: HubServices;
  /** Everything that functions logged, metrics included. */
  readonly logs: string[];
  readonly arns = new Arns();
  readonly #policy: PolicyFolder;
  readonly #warm = new Map<FunctionName, StartedFunction>();
  /** Secret access keys of what was seeded, by id. */
  readonly #secrets = new Map<string, string>();

  private constructor(deployment: Deployment, services: HubServices, policy: PolicyFolder, logs: string[]) {
    this.deployment = deployment;
    this.services = services;
    this.#policy = policy;
    this.logs = logs;
  }

  static async open(
    choices: { readonly deployment?: Deployment; readonly policy?: PolicyChoices } = {},
  ): Promise<HubWorld> {
    const { deployment = plainDeployment(), policy } = choices;
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(T0) });
    const folder = new PolicyFolder();
    folder.write(policy);
    const services = await startHubServices(deployment, () => new Date());
    const world = new HubWorld(deployment, services, folder, listen());
    services.aws.rotationFunctions.set(world.rotator, (event) => world.invoke('rotate-access-key', event));
    return world;
  }

  /** Calls a function, which is started first unless it is warm. Throws what the function throws. */
  async invoke(name: FunctionName, event: unknown, remaining?: () => number): Promise<unknown> {
    const warm = this.#warm.get(name) ?? (await this.#start(name));
    this.#warm.set(name, warm);
    return warm.invoke(event, remaining);
  }

  /** Lambda's execution environments end: the next call of each function starts it anew. */
  cool(): void {
    this.#warm.clear();
  }

  /** Time goes by while nothing runs. */
  advance(millis: number): void {
    vi.setSystemTime(Date.now() + millis);
    this.cool();
  }

  /** Another version of the policy is deployed. */
  deployPolicy(choices: PolicyChoices): void {
    this.#policy.write(choices);
    this.cool();
  }

  /** Of the policy that is deployed. */
  get policyHash(): string {
    return this.#policy.hash;
  }

  /** Every event of the record, by subject and sequence. */
  async events(): Promise<LedgerEvent[]> {
    const events: LedgerEvent[] = [];
    for await (const event of this.services.ledger.all()) events.push(event);
    return events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq));
  }

  async of<T extends EventType>(type: T): Promise<Extract<LedgerEvent, { type: T }>[]> {
    const all = await this.events();
    return all.filter((event): event is Extract<LedgerEvent, { type: T }> => event.type === type);
  }

  /** An active key of a user of its own, 200 days old and last used 60 days ago unless said otherwise; returns its id. */
  key(user: string, seed: KeySeed = {}): string {
    const { account = MEMBER, owner = 'dave', usedDays = 60, createdDays = 200, path = '/ci/' } = seed;
    const there = this.services.aws.account(account);
    const createdAt = this.ago(createdDays);
    const tags = { ...seed.tags, ...(owner === null ? {} : { owner }) };
    const { arn } = there.addUser({ name: user, path, createdAt, tags });
    const lastUsed = usedDays === null ? {} : { lastUsed: { at: this.ago(usedDays) } };
    const { id, secretAccessKey } = there.addAccessKey(user, { createdAt, ...lastUsed });
    this.#secrets.set(id, secretAccessKey);
    this.arns.remember(account, `user ${user}`, arn, tags);
    this.arns.remember('', id, arn);
    return accessKeyCredentialId(arn, id);
  }

  /**
   * A key in use of a user whose keys the janitor may make, and the secret that holds it, known by its tag, or by its
   * name where it has none; `rotator`: ARN of the function that the secret is rotated by.
   */
  storedKey(user: string, seed: StoredKeySeed = {}): { readonly key: string; readonly secret: string } {
    const { account = MEMBER, tagged = true, rotator } = seed;
    const name = tagged ? `ci/${user}` : `/iam-users/${user}`;
    const key = this.key(user, { usedDays: 1, ...seed, tags: { ...seed.tags, [MANAGED_TAG]: MANAGED } });
    const tags = { owner: 'dave', ...(tagged ? { [STORE_USER_TAG]: user } : {}) };
    const secret = this.services.aws.account(account).addSecret(REGION, {
      name,
      value: JSON.stringify(this.#documentOf(user, key)),
      createdAt: this.ago(200),
      lastAccessedAt: this.ago(1),
      tags,
      ...rotationBy(rotator),
    });
    this.arns.remember(account, `secret ${REGION} ${name}`, secret, tags, rotator);
    return { key, secret };
  }

  /** Another key of a user, in use as well: no third one fits. */
  secondKey(user: string, account: string): void {
    const use = { createdAt: this.ago(100), lastUsed: { at: this.ago(1) } };
    const { id } = this.services.aws.account(account).addAccessKey(user, use);
    this.arns.remember('', id, this.arns.userArn(account, user));
  }

  /** The function that the stack deploys for Secrets Manager. */
  get rotator(): string {
    return `arn:aws:lambda:${REGION}:${HUB}:function:${names.functionName('rotate-access-key')}`;
  }

  /** Secrets Manager calls the functions of the rotations that it was asked for; returns what each step came to. */
  async callRotators(): Promise<string[]> {
    const called = await this.services.aws.runRotations();
    return called.map(({ event, error }) => `${event.Step} ${error === undefined ? 'done' : error.name}`);
  }

  /** A secret last read 120 days ago unless said otherwise; returns its ARN. */
  secret(name: string, seed: SecretSeed = {}): string {
    const { account = MEMBER, region = REGION, owner = 'dave', usedDays = 120, createdDays = 300 } = seed;
    const arn = this.services.aws.account(account).addSecret(region, {
      name,
      value: PLANTED,
      createdAt: this.ago(createdDays),
      ...(usedDays === null ? {} : { lastAccessedAt: this.ago(usedDays) }),
      ...(owner === null ? {} : { tags: { owner } }),
      ...rotationBy(seed.rotator),
    });
    this.arns.remember(account, `secret ${region} ${name}`, arn, {}, seed.rotator);
    return arn;
  }

  /** A member account makes its roles anew, for nobody. */
  lockOut(accountId: string): void {
    for (const purpose of MEMBER_PURPOSES) {
      const role = { name: names.memberRole(purpose), path: MEMBER_ROLE_PATH, trust: NOBODY };
      this.services.aws.account(accountId).addRole(role);
    }
  }

  /** A role of the hub that anybody may assume; returns its unique id. */
  role(name: string, path: string): string {
    const { arn, roleId } = this.services.aws.account(HUB).addRole({ name, path, trust: ANYBODY });
    this.arns.remember(HUB, `role ${name}`, arn);
    return roleId;
  }

  ago(days: number): string {
    return new Date(Date.now() - days * DAY_MS).toISOString();
  }

  /** Once so many events of a type were written, DynamoDB throttles these calls, until `mend`. */
  throttleAfter(type: EventType, count: number, operation: 'PutItem' | 'Query' = 'PutItem'): void {
    const written = String.raw`\"type\":\"${type}\"`;
    let left = count;
    const when = ({
      request,
      ...call
    }: {
      readonly operation: string;
      readonly request: { readonly body: string };
    }) => {
      if (left === 0) return call.operation === operation;
      if (call.operation === 'PutItem' && request.body.includes(written)) left -= 1;
      return false;
    };
    const match = { service: 'dynamodb', when };
    this.services.aws.faults.add({ match, effect: 'throttle', times: Number.POSITIVE_INFINITY });
  }

  /** Every answer to an append is lost after it was applied, and the first Put of every object fails. */
  stumble(): void {
    const ledger = `"TableName":"${this.deployment.tables.ledger}"`;
    const when = ({ request }: { readonly request: { readonly body: string } }) =>
      request.body.includes(ledger);
    const match = { service: 'dynamodb', operation: 'PutItem', when };
    this.services.aws.faults.add({ match, effect: 'answer-lost', times: Number.POSITIVE_INFINITY });
    this.services.s3.stumbles = true;
  }

  /** AWS refuses the next call of an operation. */
  refuseOnce(service: string, operation: string): void {
    const refusal = { code: 'AccessDeniedException', status: 400 };
    this.services.aws.faults.add({ match: { service, operation }, effect: 'error', ...refusal });
  }

  /** Everything works again, and functions are started anew. */
  mend(): void {
    this.services.aws.faults.clear();
    this.services.s3.denied.clear();
    this.services.s3.stumbles = false;
    this.cool();
  }

  /** What was changed in AWS, such as `UpdateAccessKey deployer/AKIA...`, and by which role. */
  changes(): string[] {
    return this.services.aws.changes.all
      .filter(({ service }) => service !== 'sts')
      .map(({ operation, target, principalArn }) => `${principalArn.split('/')[1]} ${operation} ${target}`)
      .filter((change) => !change.startsWith('EmbeddedAdministrator '));
  }

  /** A list that a map over accounts reads from the work bucket. */
  items(key: string): unknown[] {
    const text = this.services.s3.objects(this.deployment.buckets.work).get(key)?.toString() ?? 'null';
    return z.array(z.unknown()).parse(JSON.parse(text));
  }

  /** What was counted under a metric's name, by each call that did; several counts of one call are a list. */
  metric(name: string): unknown[] {
    return this.logs.flatMap((said) => {
      const counted = said.startsWith('{')
        ? metricsSchema.safeParse(JSON.parse(said)).data?.[name]
        : undefined;
      return counted === undefined ? [] : [counted];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.services.close();
    this.#policy.remove();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    vi.useRealTimers();
  }

  #documentOf(userName: string, key: string): object {
    const accessKeyId = key.split('/').at(-1) ?? '';
    return { accessKeyId, secretAccessKey: this.#secrets.get(accessKeyId), userName };
  }

  async #start(name: FunctionName): Promise<StartedFunction> {
    return startFunction(name, {
      ...this.deployment.environment(name),
      POLICY_DIR: this.#policy.path,
      AWS_ENDPOINT_URL: this.services.cloud.url,
      ...(await this.services.credentialsOf(name)),
    });
  }
}

function listen(): string[] {
  const logs: string[] = [];
  for (const method of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => {
      logs.push(said.map(String).join(' '));
    });
  }
  return logs;
}
