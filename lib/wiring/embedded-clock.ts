import type { AwsClients } from '../aws/index.ts';
import { isLocal } from '../aws/index.ts';
import { JanitorError, messageOf } from '../domain/error.ts';
import { type Instant, parseInstant } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

const statusSchema = z.object({ embeddedAws: z.number(), now: z.string(), pinned: z.boolean() });

/** Our own server behind an endpoint, and the time it lives in. */
export interface EmbeddedServer {
  readonly url: string;
  readonly now: Instant;
  /** Its clock stands where somebody set it; otherwise it follows the system's. */
  readonly pinned: boolean;
}

/** Every embedded AWS server among the configured endpoints. Other servers on loopback are asked and left alone. */
export async function embeddedServers(
  clients: Pick<AwsClients, 'endpoints'>,
): Promise<readonly EmbeddedServer[]> {
  const urls = new Set<string>();
  for (const endpoint of clients.endpoints()) {
    if (endpoint.origin === 'configured' && isLocal(endpoint)) urls.add(new URL(endpoint.url).origin);
  }
  const servers: EmbeddedServer[] = [];
  for (const url of urls) {
    const server = await embeddedServer(url);
    if (server !== undefined) servers.push(server);
  }
  return servers;
}

/** What answers nothing, or something else than our status, is none. */
async function embeddedServer(url: string): Promise<EmbeddedServer | undefined> {
  try {
    const response = await fetch(`${url}/_embedded/status`, { signal: AbortSignal.timeout(5_000) });
    const status = response.ok ? statusSchema.safeParse(await response.json()) : undefined;
    if (status?.success !== true) return undefined;
    return { url, now: parseInstant(status.data.now), pinned: status.data.pinned };
  } catch {
    return undefined;
  }
}

/**
 * The instant at which a command without `--now` happens: where the clock of an embedded server stands, because the
 * account lives then; undefined where none was set. Throws `embedded-clocks-differ` (user).
 */
export function embeddedInstant(servers: readonly EmbeddedServer[]): EmbeddedServer | undefined {
  const [first, ...others] = servers.filter(({ pinned }) => pinned);
  const other = others.find(({ now }) => now !== first?.now);
  if (first === undefined || other === undefined) return first;
  throw new JanitorError(
    `the embedded AWS at ${first.url} lives at ${first.now}, the one at ${other.url} at ${other.now}`,
    {
      code: 'embedded-clocks-differ',
      source: 'user',
      hint: 'Say when the command happens with --now: it sets the clocks of both.',
    },
  );
}

/** Sets the clock of an embedded server, because the account must live at the instant that is judged. */
export async function setEmbeddedClock({ url }: EmbeddedServer, now: Instant): Promise<void> {
  try {
    const response = await fetch(`${url}/_embedded/clock`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ now }),
      signal: AbortSignal.timeout(5_000),
    });
    if (response.ok) return;
    throw clockUnmoved(url, `HTTP ${response.status}`);
  } catch (cause) {
    if (cause instanceof JanitorError) throw cause;
    throw clockUnmoved(url, messageOf(cause), cause);
  }
}

function clockUnmoved(url: string, why: string, cause?: unknown): JanitorError {
  return new JanitorError(`the clock of the embedded AWS at ${url} could not be set: ${why}`, {
    code: 'embedded-clock-unmoved',
    source: 'system',
    hint: 'Start it again with "janitor embedded-aws".',
    ...(cause === undefined ? {} : { cause }),
  });
}
