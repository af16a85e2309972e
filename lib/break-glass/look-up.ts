import {
  type CloudTrailClient,
  type LookupAttributeKey,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import { awsError } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';
import type { UsedCall } from '../domain/grant-evidence.ts';
import type { Instant } from '../domain/time.ts';
import { usedCallOf } from './used-call.ts';

/** CloudTrail answers two such requests a second, per account and Region. */
const BETWEEN_REQUESTS_MS = 500;
const PAGE = 50;

export interface LookingUp {
  readonly client: Pick<CloudTrailClient, 'send'>;
  readonly region: string;
  readonly attribute: LookupAttributeKey;
  readonly value: string;
  /** Only what this session did, `role/name`, where others may have the same value. */
  readonly session?: string;
  readonly from: Instant;
  /** More than these are not read. */
  readonly most: number;
  readonly pause: (millis: number) => Promise<void>;
}

export interface LookedUp {
  readonly calls: readonly UsedCall[];
  /** Why this is not all; undefined: it is. */
  readonly missing?: { readonly code: string; readonly why: string };
}

/** Every call with one attribute in one Region since an instant, page by page. Never throws what AWS answers. */
export async function lookUp(asked: LookingUp): Promise<LookedUp> {
  const { client, region, attribute, value, session, from, most, pause } = asked;
  const calls: UsedCall[] = [];
  let looked = 0;
  let token: string | undefined;
  try {
    do {
      await pause(BETWEEN_REQUESTS_MS);
      const page = await client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
          StartTime: new Date(from),
          MaxResults: PAGE,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      const { Events = [] } = page;
      looked += Events.length;
      for (const event of Events) calls.push(...present(usedCallOf(event, region, session)));
      token = page.NextToken;
    } while (token !== undefined && looked < most);
  } catch (error) {
    return { calls, missing: reasonOf(error, region) };
  }
  if (token === undefined) return { calls };
  return {
    calls,
    missing: { code: 'too-many', why: `${region}: more than ${most} calls; the newest were read` },
  };
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function reasonOf(error: unknown, region: string): { readonly code: string; readonly why: string } {
  const known =
    error instanceof JanitorError ? error : awsError(error, `cloudtrail:LookupEvents in ${region}`, region);
  return { code: known.code, why: `${region}: ${known.message}` };
}
