import type { Credential } from '../domain/credential.ts';
import type { EvidenceReference } from '../domain/event.ts';
import { knownValue } from '../domain/fact.ts';
import { isManifestHead } from '../domain/manifest.ts';
import type { Instant } from '../domain/time.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { readManifest } from './manifest-reader.ts';

/** An access key whose id was read by an earlier sweep. */
export interface RememberedKey {
  readonly accessKeyId: string;
  readonly createdAt: Instant;
  readonly status: string;
}

/** What the next reading of an account can take from an earlier one. */
export interface RememberedReading {
  /** Key ids by user ARN. */
  readonly keys: Map<string, RememberedKey[]>;
  /** When every key id was last read; null: never. */
  readonly fullReadAt: Instant | null;
}

/**
 * The key ids an earlier sweep learnt, by user ARN, so that the next one need not list the keys of every user.
 * Nothing is returned of a manifest that is not whole and unaltered.
 */
export async function rememberedReading(
  store: EvidenceStore,
  reference: EvidenceReference,
): Promise<RememberedReading> {
  const keys = new Map<string, RememberedKey[]>();
  const manifest = await readManifest(store, reference);
  for await (const line of manifest.lines) {
    if (isManifestHead(line)) continue;
    const { principal } = line.credential;
    const key = keyOf(line.credential);
    if (principal === undefined || key === undefined) continue;
    const ofUser = keys.get(principal.arn);
    if (ofUser === undefined) keys.set(principal.arn, [key]);
    else ofUser.push(key);
  }
  const { fullReadAt } = await manifest.footer();
  return { keys, fullReadAt };
}

/** Only the key ids of `rememberedReading`. */
export async function rememberedKeys(
  store: EvidenceStore,
  reference: EvidenceReference,
): Promise<Map<string, RememberedKey[]>> {
  return (await rememberedReading(store, reference)).keys;
}

function keyOf({ kind, facts }: Credential): RememberedKey | undefined {
  if (kind !== 'access-key') return undefined;
  const accessKeyId = knownValue(facts.accessKeyId);
  const createdAt = knownValue(facts.createdAt);
  const status = knownValue(facts.status);
  if (accessKeyId === undefined || createdAt === undefined || status === undefined) return undefined;
  return { accessKeyId, createdAt, status };
}
