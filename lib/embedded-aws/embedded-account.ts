import type { AccountState, RegionOptStatus } from './account-state.ts';
import {
  recordKeyUse,
  seedAccessKey,
  seedGroup,
  seedRole,
  seedRoot,
  seedServiceCredential,
  seedUser,
} from './seed/iam.ts';
import type {
  AccessKeySeed,
  RoleSeed,
  RootSeed,
  SecretSeed,
  ServiceSpecificCredentialSeed,
  UserSeed,
  UseSeed,
} from './seed/schema.ts';
import { recordSecretAccess, seedSecret } from './seed/secrets.ts';
import { administratorCredentials, type EmbeddedCredentials, type World } from './world/world.ts';

export type { EmbeddedCredentials } from './world/world.ts';

/**
 * One account of the embedded AWS, for whoever sets the scene. Instants are ISO 8601; what is left out
 * happened now. What is seeded is visible to reads at once, makes no entry in the change log and may break
 * AWS's limits on purpose (a third key). Throws `seed-invalid` when names clash or something is unknown.
 */
export class EmbeddedAccount {
  readonly id: string;
  readonly #world: World;
  readonly #state: AccountState;

  constructor(world: World, state: AccountState) {
    this.id = state.id;
    this.#world = world;
    this.#state = state;
  }

  /** The bootstrap administrator's: a role session that never expires and is no IAM user. */
  credentials(): EmbeddedCredentials {
    return administratorCredentials(this.id);
  }

  get alias(): string | undefined {
    return this.#state.iam.alias;
  }

  set alias(alias: string | undefined) {
    this.#state.iam.alias = alias;
  }

  /** The organisation it belongs to, as `aws:PrincipalOrgID` has it; undefined for an outside account. */
  get organizationId(): string | undefined {
    return this.#state.organizationId;
  }

  set organizationId(id: string | undefined) {
    this.#state.organizationId = id;
  }

  setRegion(name: string, status: RegionOptStatus): void {
    this.#state.regions.set(name, status);
  }

  addUser(seed: UserSeed): { name: string; arn: string; userId: string } {
    const { name, arn, id } = seedUser(this.#world, this.#state, seed);
    return { name, arn, userId: id };
  }

  /** May be the third key of its user. */
  addAccessKey(userName: string, seed: AccessKeySeed = {}): { id: string; secretAccessKey: string } {
    const { id, secretAccessKey } = seedAccessKey(this.#world, this.#state, userName, seed);
    return { id, secretAccessKey };
  }

  /** A use as by a signed request, by default of S3 now; reads see it after the last-used lag. */
  recordUse(keyId: string, use: Partial<UseSeed> = {}): void {
    recordKeyUse(this.#world, keyId, { at: this.#world.clock.now().toISOString(), ...use });
  }

  /** Returns the credential's id. */
  addServiceSpecificCredential(userName: string, seed: ServiceSpecificCredentialSeed): string {
    return seedServiceCredential(this.#world, this.#state, userName, seed);
  }

  addGroup(name: string, path = '/'): void {
    seedGroup(this.#world, this.#state, name, path);
  }

  /** Replaces a role of the same name under a new id, as recreating it does. */
  addRole(seed: RoleSeed): { arn: string; roleId: string } {
    const { arn, id } = seedRole(this.#world, this.#state, seed);
    return { arn, roleId: id };
  }

  /** Root keys, password and MFA: only the credential report shows them. */
  setRoot(seed: RootSeed): void {
    seedRoot(this.#state, seed);
  }

  /** Returns the secret's ARN. */
  addSecret(region: string, seed: SecretSeed): string {
    return seedSecret(this.#world, this.#state, region, seed);
  }

  /** An access as by GetSecretValue, by default now; reads see it after the last-used lag. */
  accessSecret(region: string, id: string, at = this.#world.clock.now().toISOString()): void {
    recordSecretAccess(this.#world, this.#state, region, id, at);
  }

  /** Denies actions (`iam:Get*`) to a principal's ARN, a role's ARN or everybody (`*`). Everything else is allowed. */
  deny(principal: string, actions: readonly string[]): void {
    this.#state.deny(principal, actions);
  }

  /** Takes back all that `deny` said of this principal. */
  allow(principal: string): void {
    this.#state.allow(principal);
  }
}
