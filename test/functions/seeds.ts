export interface KeySeed {
  readonly account?: string;
  /** The user's `owner` tag; null: none. */
  readonly owner?: string | null;
  /** null: never used. */
  readonly usedDays?: number | null;
  readonly createdDays?: number;
  readonly path?: string;
  /** Other tags of its user. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SecretSeed extends Omit<KeySeed, 'path' | 'tags'> {
  readonly region?: string;
  /** ARN of the function that rotates it, once a year by itself. */
  readonly rotator?: string;
}

export interface StoredKeySeed extends KeySeed {
  /** false: the secret is known by its name alone. */
  readonly tagged?: boolean;
  /** ARN of the function that rotates the secret. */
  readonly rotator?: string;
}

/** As a secret is seeded that a function rotates once a year. */
export function rotationBy(lambdaArn: string | undefined) {
  return lambdaArn === undefined ? {} : { rotation: { lambdaArn, rules: { AutomaticallyAfterDays: 365 } } };
}
