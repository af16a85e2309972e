import { MINUTE_MS } from '../../lib/domain/time.ts';
import { type Ground, REGION } from './ground.ts';
import { currentValue, signedBy } from './scene.ts';

/** A request that failed: when, with which key, and what AWS said. */
export interface FailedRequest {
  readonly at: string;
  readonly accessKeyId: string;
  readonly said: string;
}

/**
 * A workload that signs a request every minute with what the secret held when it last read it. It reads again once its
 * cache is `cacheMs` old, and, like one that starts just then, whenever `restart` is called. The first request after each
 * reading is signed and its signature verified; those in between are told by their key id alone, which is as good: the
 * secret of a key never changes.
 */
export class Consumer {
  readonly #ground: Ground;
  readonly #secretId: string;
  readonly #cacheMs: number;
  #accessKeyId = '';
  #readAt = Number.NEGATIVE_INFINITY;
  requests = 0;
  readonly failed: FailedRequest[] = [];
  /** Every key it signed with, in order. */
  readonly used: string[] = [];

  constructor(ground: Ground, secretId: string, cacheMs: number) {
    this.#ground = ground;
    this.#secretId = secretId;
    this.#cacheMs = cacheMs;
  }

  restart(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** One minute of its life. */
  async request(): Promise<void> {
    const now = this.#ground.aws.clock.millis();
    this.requests += 1;
    if (now - this.#readAt >= this.#cacheMs) {
      const value = await currentValue(this.#ground, this.#secretId);
      this.#readAt = now;
      this.#accessKeyId = String(value.accessKeyId);
      if (this.used.at(-1) !== this.#accessKeyId) this.used.push(this.#accessKeyId);
      const said = await signedBy(this.#ground, value.accessKeyId, value.secretAccessKey);
      if (!said.startsWith('arn:')) this.#fail(said);
      return;
    }
    const said = await asked(this.#ground, this.#accessKeyId);
    if (said !== 'ok') this.#fail(said);
  }

  #fail(said: string): void {
    const at = this.#ground.aws.clock.now().toISOString();
    this.failed.push({ at, accessKeyId: this.#accessKeyId, said });
  }
}

/** A request without the SDK around it: what half a million of them can afford. */
async function asked({ aws }: Ground, accessKeyId: string): Promise<string> {
  const day = aws.clock.now().toISOString().slice(0, 10).replaceAll('-', '');
  const delivery = await aws.serve(
    {
      method: 'POST',
      path: '/',
      query: {},
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${day}/${REGION}/sts/aws4_request, SignedHeaders=host, Signature=00`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    },
    { process: 'consumer', verify: false },
  );
  if (delivery.kind !== 'answer') return delivery.kind;
  return delivery.response.statusCode === 200 ? 'ok' : `HTTP ${delivery.response.statusCode}`;
}

export const CACHE_MS = 60 * MINUTE_MS;
