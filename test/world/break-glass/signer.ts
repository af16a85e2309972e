/** Whose request it is. */
export interface Signer {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
}
