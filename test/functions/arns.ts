/** ARNs of what was seeded, by what requests say instead of them. */
export class Arns {
  readonly #arns = new Map<string, string>();

  remember(accountId: string, name: string, arn: string): void {
    this.#arns.set(`${accountId} ${name}`, arn);
  }

  userArn(accountId: string, userName: string): string {
    return this.#of(accountId, `user ${userName}`);
  }

  userArnOfKey(accessKeyId: string): string {
    return this.#of('', accessKeyId);
  }

  secretArn(accountId: string, region: string, secretId: string): string {
    return secretId.startsWith('arn:') ? secretId : this.#of(accountId, `secret ${region} ${secretId}`);
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
