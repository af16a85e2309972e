import { DescribeSessionsCommand, type SSMClient, TerminateSessionCommand } from '@aws-sdk/client-ssm';
import { awsError } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';
import type { Grant } from '../domain/grant.ts';
import { type Instant, MINUTE_MS, plus } from '../domain/time.ts';
import type { AfterUseContext } from './after-use-context.ts';
import { recordOn, type Stood } from './record.ts';

/** IAM takes up to some minutes until a denied tag keeps everybody out: until then another shell may be opened. */
const DENIED_EVERYWHERE_MS = 5 * MINUTE_MS;
/** Sessions that open and close while they are listed are found in the next round. */
const MOST_PAGES = 20;

/**
 * Shells of Session Manager ignore how long the credentials last that opened them: those of a grant that is over are ended,
 * in every Region, again in each round until none is left after everybody was kept out. What fails is recorded, once per
 * code, and tried again; one Region that fails stops no other. A round that dies may leave its shells
 * uncounted. Returns the code of what failed.
 */
export async function endShells(context: AfterUseContext, stood: Stood): Promise<string | undefined> {
  const { grant, state } = stood;
  if (!grant.sessionManager || grant.intendedAt === undefined || grant.shells?.complete === true)
    return undefined;
  if (state !== 'ending' && state !== 'ended') return undefined;
  const { ended, failure, everywhere } = await endEverywhere(context, grant);
  if (failure !== undefined) await recordFailure(context, grant, failure);
  const isClear = everywhere && failure === undefined && ended === 0;
  const complete = isClear && isKeptOut(grant, context.clock.now());
  if (ended > 0 || complete) await record(context, grant, { ended, complete });
  return failure?.code;
}

function record(
  context: AfterUseContext,
  { grantId }: Grant,
  data: { readonly ended: number; readonly complete: boolean },
): Promise<unknown> {
  return recordOn(context, grantId, ({ grant: { shells }, now }) =>
    shells?.complete === true
      ? undefined
      : { at: now, actor: context.broker, type: 'grant.shells-ended', data },
  );
}

function isKeptOut({ endedAt }: Grant, now: Instant): boolean {
  return endedAt !== undefined && now >= plus(endedAt, DENIED_EVERYWHERE_MS);
}

interface EndedShells {
  readonly ended: number;
  /** The newest of them; the others are met again in the next round. */
  readonly failure?: JanitorError;
}

async function endEverywhere(
  context: AfterUseContext,
  { accountId, role, grantId }: Grant,
): Promise<EndedShells & { readonly everywhere: boolean }> {
  const owner = `arn:${context.partition}:sts::${accountId}:assumed-role/${role}/${grantId}`;
  try {
    const account = await context.openAccount(accountId);
    const all: EndedShells[] = [];
    const { regions, unsure } = await context.regionsOf(accountId);
    for (const region of regions) {
      all.push(await endIn(account.ssm(region), region, owner));
    }
    const failure = all.findLast((each) => each.failure !== undefined)?.failure;
    const ended = all.reduce((sum, each) => sum + each.ended, 0);
    return { ended, everywhere: unsure === undefined, ...(failure === undefined ? {} : { failure }) };
  } catch (error) {
    if (!(error instanceof JanitorError)) throw error;
    return { ended: 0, everywhere: false, failure: error };
  }
}

async function endIn(client: Pick<SSMClient, 'send'>, region: string, owner: string): Promise<EndedShells> {
  let ended = 0;
  try {
    for (const SessionId of await openShells(client, owner)) {
      await client.send(new TerminateSessionCommand({ SessionId }));
      ended += 1;
    }
    return { ended };
  } catch (error) {
    return { ended, failure: awsError(error, `ssm:TerminateSession of ${owner} in ${region}`, region) };
  }
}

async function openShells(client: Pick<SSMClient, 'send'>, owner: string): Promise<readonly string[]> {
  const open: string[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { Sessions = [], NextToken } = await client.send(
      new DescribeSessionsCommand({
        State: 'Active',
        Filters: [{ key: 'Owner', value: owner }],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    open.push(...Sessions.flatMap(({ SessionId }) => SessionId ?? []));
    token = NextToken;
    if (token === undefined) break;
  }
  return open;
}

function recordFailure(
  context: AfterUseContext,
  { grantId }: Grant,
  failure: JanitorError,
): Promise<unknown> {
  const { code, message } = failure;
  return recordOn(context, grantId, ({ now, events }) =>
    events.some(({ type, data }) => type === 'grant.shells-failed' && 'code' in data && data.code === code)
      ? undefined
      : { at: now, actor: context.broker, reason: message, type: 'grant.shells-failed', data: { code } },
  );
}
