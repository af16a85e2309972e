import { JanitorError } from '../domain/error.ts';
import type { EventDraft } from '../domain/event.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { RotationState } from '../domain/rotation.ts';
import { withoutSecret } from '../domain/secret-shape.ts';
import type { RotationContext, StepRequest } from './context.ts';

/** How often an event is drafted again after somebody else appended first. */
const ATTEMPTS = 20;

/** What a rotation records, on the chain of what it replaces: each thing once, however often a step is repeated. */
export class RotationRecord {
  readonly #context: RotationContext;
  readonly #request: StepRequest;
  readonly #credentialId: string;
  #history: CredentialHistory | undefined;

  constructor(context: RotationContext, request: StepRequest, credentialId: string) {
    this.#context = context;
    this.#request = request;
    this.#credentialId = credentialId;
  }

  /** This rotation as the chain tells it; undefined while it has not begun. */
  async state(): Promise<RotationState | undefined> {
    return this.#own(await this.#known());
  }

  /** Keys that rotations of this credential made or may have made and did not finish. */
  async left(): Promise<RotationState | undefined> {
    const { rotation } = await this.#known();
    return rotation?.state === 'finished' ? undefined : rotation;
  }

  /** Durable before anything is made. */
  async begin(): Promise<void> {
    const { token: rotationId, trigger, driver: by, secretId } = this.#request;
    await this.#append((history) =>
      this.#own(history) === undefined
        ? { ...this.#envelope(), type: 'rotation.begun', data: { rotationId, trigger, by, secretId } }
        : undefined,
    );
  }

  /** It sets out to make a key again. */
  async resume(): Promise<void> {
    const data = { rotationId: this.#request.token };
    await this.#append(() => ({ ...this.#envelope(), type: 'rotation.resumed', data }));
  }

  async keyCreated(accessKeyId: string): Promise<void> {
    const data = { rotationId: this.#request.token, accessKeyId };
    await this.#append(() => ({ ...this.#envelope(), type: 'rotation.key-created', data }));
  }

  /** On behalf of the newest rotation of the chain, which may be one before this. */
  async keyRemoved(accessKeyId: string, reason: string): Promise<void> {
    await this.#append(({ rotation }) => {
      const data = { rotationId: rotation?.rotationId ?? this.#request.token, accessKeyId };
      return { ...this.#envelope(reason), type: 'rotation.key-removed', data };
    });
  }

  async finished(accessKeyId: string): Promise<void> {
    const { token: rotationId, secretId } = this.#request;
    await this.begin();
    await this.#append((history) =>
      this.#own(history)?.state === 'finished'
        ? undefined
        : { ...this.#envelope(), type: 'rotation.finished', data: { rotationId, secretId, accessKeyId } },
    );
  }

  /** The same failure is not told twice, however often Secrets Manager tries again. */
  async failed({ code, message }: JanitorError): Promise<void> {
    const { token: rotationId, secretId } = this.#request;
    await this.#append((history) => {
      const own = this.#own(history);
      if (own?.state === 'finished' || own?.code === code) return undefined;
      return { ...this.#envelope(message), type: 'rotation.failed', data: { rotationId, secretId, code } };
    });
  }

  #own({ rotation }: CredentialHistory): RotationState | undefined {
    return rotation?.rotationId === this.#request.token ? rotation : undefined;
  }

  async #known(): Promise<CredentialHistory> {
    this.#history ??= await this.#context.record.read(this.#credentialId);
    return this.#history;
  }

  async #append(decide: (history: CredentialHistory) => EventDraft | undefined): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const history = await this.#known();
      const draft = decide(history);
      if (draft === undefined) return;
      const appended = await this.#context.record.append(this.#credentialId, history, draft);
      this.#history = appended.ok ? appended.history : undefined;
      if (appended.ok) return;
    }
    throw new JanitorError(`the chain of ${this.#credentialId} is being written by others all the time`, {
      code: 'ledger-contended',
      source: 'system',
      hint: 'The rotation is taken up again by itself.',
    });
  }

  #envelope(reason = this.#context.citing?.reason) {
    const { clock, actor, citing } = this.#context;
    return {
      at: clock.now(),
      actor,
      ...citing,
      ...(reason === undefined ? {} : { reason: withoutSecret(reason) }),
    };
  }
}
