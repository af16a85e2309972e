import { isDeliveryName } from '../../lib/domain/delivery.ts';
import { STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';

/** ARNs of what was seeded, by what requests say instead of them. */
export class Arns {
  readonly #arns = new Map<string, string>();
  readonly #rotators = new Map<string, string>();
  readonly #tags = new Map<string, Readonly<Record<string, string>>>();

  remember(
    accountId: string,
    name: string,
    arn: string,
    tags: Readonly<Record<string, string>> = {},
    rotator?: string,
  ): void {
    this.#arns.set(`${accountId} ${name}`, arn);
    if (!this.#tags.has(arn)) this.#tags.set(arn, tags);
    if (rotator !== undefined) this.#rotators.set(arn, rotator);
  }

  /** The function that rotates a secret. */
  rotatorOf(arn: string): string | undefined {
    return this.#rotators.get(arn);
  }

  /** Value of a tag that a user or secret was seeded with, or that the janitor made its secret with. */
  tagOf(arn: string, key: string): string | undefined {
    const [, , , , , , name = ''] = arn.split(':');
    if (key === STORE_USER_TAG && isDeliveryName(name)) return name.split('/').at(-1);
    return this.#tags.get(arn)?.[key];
  }

  userArn(accountId: string, userName: string): string {
    return this.#of(accountId, `user ${userName}`);
  }

  userArnOfKey(accessKeyId: string): string {
    return this.#of('', accessKeyId);
  }

  secretArn(accountId: string, region: string, secretId: string): string {
    if (secretId.startsWith('arn:')) return secretId;
    // Made by the janitor: nobody seeded it.
    if (isDeliveryName(secretId)) return `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretId}`;
    return this.#of(accountId, `secret ${region} ${secretId}`);
  }

  roleArn(accountId: string, roleName: string): string {
    return this.#of(accountId, `role ${roleName}`);
  }

  #of(accountId: string, name: string): string {
    const arn = this.#arns.get(`${accountId} ${name}`);
    if (arn === undefined) throw new Error(`nobody seeded ${name} in account ${accountId}`);
    return arn;
  }
}
