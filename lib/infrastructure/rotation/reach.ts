/** What of the policy decides how far the rights to rotate access keys go. */
export interface RotationReach {
  /** Names of secrets that hold keys by the policy's naming rule, with `*` for the user; the others are known by their tag. */
  readonly storeNames: readonly string[];
  /** Values of all secrets may be read to find the one that holds a key. */
  readonly comparesIds: boolean;
  /** Keys that no secret holds are delivered in secrets of our own. */
  readonly delivers: boolean;
}

/** Stores are tagged, nothing else is read or made. */
export const NARROWEST_REACH: RotationReach = { storeNames: [], comparesIds: false, delivers: false };
