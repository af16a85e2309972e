import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { isLoopback } from '../../aws/index.ts';
import { JanitorError } from '../../domain/error.ts';

/** Where an API is, and with whose credentials it is asked. */
export interface ApiEndpoint {
  /** Without a slash at its end; paths are added to it. */
  readonly url: string;
  /** Of the signature: that of the API, which is not always the caller's. */
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
}

/**
 * The address of an API as somebody typed it, without a slash at its end. Throws `api-invalid` (user) for one that would
 * carry credentials in the clear, or that is more than an address.
 */
export function apiAddress(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  const why = url === undefined ? 'is no URL' : whyNot(url, typed);
  if (why === undefined) return typed.replace(/\/+$/, '');
  throw new JanitorError(`the address of the API ${why}`, {
    code: 'api-invalid',
    source: 'user',
    hint: 'Give --api (or JANITOR_API) the URL that "janitor serve" prints, or the output ApiUrl of a stack; --stack NAME finds it by itself.',
  });
}

function whyNot(url: URL, typed: string): string | undefined {
  if (url.username !== '' || url.password !== '' || typed.includes('@')) return 'names a user';
  if (/[?#\s\\]/.test(typed)) return 'is more than an address';
  if (url.protocol === 'https:' || isLoopback(typed)) return undefined;
  return 'is neither https nor on this machine';
}

const OF_API_GATEWAY = /^[a-z0-9-]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/** The Region an API is signed for: the one in its name, else the caller's (loopback, a domain of one's own). */
export function regionOfApi(url: string, callers: string): string {
  return OF_API_GATEWAY.exec(new URL(url).hostname)?.[1] ?? callers;
}
