import * as z from 'zod';
import type { AwsClients } from '../aws/index.ts';
import { isLocal } from '../aws/index.ts';
import { JanitorError, messageOf } from '../domain/error.ts';
import type { Instant } from '../domain/time.ts';

const statusSchema = z.object({ embeddedAws: z.number(), now: z.string() });

/**
 * Sets the clock of every embedded AWS server among the endpoints, because the account must live at the instant
 * that is judged. Answers the URLs whose clock was moved. Other servers on loopback are left as they are.
 */
export async function moveEmbeddedClocks(
  clients: Pick<AwsClients, 'endpoints'>,
  now: Instant,
): Promise<readonly string[]> {
  const urls = new Set<string>();
  for (const endpoint of clients.endpoints()) {
    if (endpoint.origin === 'configured' && isLocal(endpoint)) urls.add(new URL(endpoint.url).origin);
  }
  const moved: string[] = [];
  for (const url of urls) {
    if (!(await isEmbedded(url))) continue;
    await setClock(url, now);
    moved.push(url);
  }
  return moved;
}

/** Whether our own server answers there. What answers nothing, or something else, is not. */
async function isEmbedded(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_embedded/status`, { signal: AbortSignal.timeout(5_000) });
    return response.ok && statusSchema.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

async function setClock(url: string, now: Instant): Promise<void> {
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
