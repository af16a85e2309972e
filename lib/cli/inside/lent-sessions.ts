import type { Lent } from '../lent-credentials.ts';

/** Seconds after which a session of 15 minutes is replaced: programs ask anew when ten to five minutes are left. */
const RENEW_AFTER = 9 * 60;

/**
 * The session that programs inside a grant use now. Several of them, and those that ask before each call, share one; so a
 * grant has a session every nine minutes on record, and not one for every call. Ages are counted here, without a clock.
 */
export class LentSessions {
  readonly #renew: () => Promise<Lent>;
  /** Seconds that only go on. */
  readonly #seconds: () => number;
  #lent: Lent;
  #since: number;
  #renewing: Promise<Lent> | undefined;

  constructor(first: Lent, renew: () => Promise<Lent>, seconds: () => number) {
    this.#lent = first;
    this.#renew = renew;
    this.#seconds = seconds;
    this.#since = seconds();
  }

  /** Throws what renewing throws. */
  async current(): Promise<Lent> {
    if (this.#seconds() - this.#since < goodFor(this.#lent)) return this.#lent;
    this.#renewing ??= this.#renewed().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewed(): Promise<Lent> {
    const since = this.#seconds();
    this.#lent = await this.#renew();
    this.#since = since;
    return this.#lent;
  }
}

/** One that outlives its grant is the last: whoever asks after the end learns that it has ended. */
function goodFor({ grant, credentials }: Lent): number {
  return credentials.expiresAt >= grant.endsAt ? grant.secondsLeft : RENEW_AFTER;
}
