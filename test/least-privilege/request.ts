import type { SentCall } from '../functions/loopback-cloud.ts';
import type { Need } from './evaluate.ts';

/** What requests leave out of ARNs. */
export interface Directory {
  userArn(accountId: string, userName: string): string;
  userArnOfKey(accessKeyId: string): string;
  /** `secretId`: a name or an ARN. */
  secretArn(accountId: string, region: string, secretId: string): string;
  roleArn(accountId: string, roleName: string): string;
  /** Of a user or a secret. */
  tagOf(arn: string, key: string): string | undefined;
  /** ARN of the function that rotates a secret. */
  rotatorOf(secretArn: string): string | undefined;
}

/** What a call of one kind needs. */
export type Needs = (call: SentCall, accountId: string, directory: Directory) => Need[];

export function need(action: string, resource: string, context: Need['context'] = {}): Need {
  return { action, resource, context };
}

export function bodyOf({ request }: SentCall): unknown {
  return JSON.parse(request.body.toString('utf8'));
}

export function formOf({ request }: SentCall): URLSearchParams {
  return new URLSearchParams(request.body.toString('utf8'));
}
