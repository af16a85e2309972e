import {
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { DAY_MS } from '../../lib/domain/time.ts';
import { type Ground, USER } from './ground.ts';
import { currentValue } from './scene.ts';

/** Days without use after which a replaced key is disabled, and days after that until it is deleted. */
const UNUSED_DAYS = 3;
const QUARANTINE_DAYS = 3;

/**
 * Stands for the sweeps, which retire replaced keys by the rules of the policy (test/world holds them to theirs): a key
 * that the secret does not hold any more is disabled once it shows disuse, and deleted after a quarantine.
 */
export class Retirement {
  readonly #ground: Ground;
  readonly #secretId: string;
  readonly #disabledAt = new Map<string, number>();
  deleted = 0;

  constructor(ground: Ground, secretId: string) {
    this.#ground = ground;
    this.#secretId = secretId;
  }

  /** One day's sweep. */
  async sweep(): Promise<void> {
    const { iam } = await this.#ground.clients('sweep');
    const { accessKeyId: current } = await currentValue(this.#ground, this.#secretId);
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: USER }));
    for (const { AccessKeyId = '' } of AccessKeyMetadata) {
      if (AccessKeyId !== current) await this.#retire(AccessKeyId);
    }
  }

  async #retire(AccessKeyId: string): Promise<void> {
    const { iam } = await this.#ground.clients('sweep');
    const now = this.#ground.aws.clock.millis();
    const disabledAt = this.#disabledAt.get(AccessKeyId);
    if (disabledAt !== undefined) {
      if (now - disabledAt < QUARANTINE_DAYS * DAY_MS) return;
      await iam.send(new DeleteAccessKeyCommand({ UserName: USER, AccessKeyId }));
      this.deleted += 1;
      return;
    }
    const { AccessKeyLastUsed } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    const usedAt = AccessKeyLastUsed?.LastUsedDate?.getTime() ?? now;
    if (now - usedAt < UNUSED_DAYS * DAY_MS) return;
    await iam.send(new UpdateAccessKeyCommand({ UserName: USER, AccessKeyId, Status: 'Inactive' }));
    this.#disabledAt.set(AccessKeyId, now);
  }
}
