import type { AfterUseContext, IncidentTellingContext } from './after-use-context.ts';
import { attempt } from './attempt.ts';
import { collectEvidence } from './collect-evidence.ts';
import { recentGrants } from './recent-grants.ts';
import { recordOn } from './record.ts';
import { endShells } from './shells.ts';
import { tellOfGrant } from './tell-grants.ts';
import { tellOfIncident } from './tell-incidents.ts';

/** What a round found to do after grants, and did; grants by id. */
export interface FollowedUp {
  readonly looked: number;
  /** Evidence attached in this round: all there is, or as much as is there yet. */
  readonly attached: readonly { readonly grantId: string; readonly complete: boolean }[];
  /** Credentials that have a finding since they were made or shown during a grant. */
  readonly exposed: readonly string[];
  readonly told: number;
  /** What could not be done in this round, with the code of why. */
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * Tells of incidents, at once when one was opened and again when nobody reviewed it in time; each person once. Returns how
 * many were told now, and what failed.
 */
export async function followUpIncidents(
  context: IncidentTellingContext,
  incidentIds?: readonly string[],
): Promise<Pick<FollowedUp, 'told' | 'failed'>> {
  const ids = incidentIds ?? (await idsOf(context.unreviewed()));
  const failed = new Map<string, string>();
  let told = 0;
  for (const id of ids) {
    await attempt(failed, `notices of ${id}`, async () => {
      told += await tellOfIncident(context, id);
    });
  }
  return { told, failed };
}

/**
 * What comes after a grant, for the reconciler's rounds, after `reconcileGrants`: shells it left open are ended, what it did
 * is looked up and attached, credentials it touched get findings, and everybody concerned is told. One grant that fails
 * stops no other, and a later part of one goes on without the part before; repeated, it converges.
 */
export async function followUpGrants(
  context: AfterUseContext,
  grantIds?: readonly string[],
): Promise<FollowedUp> {
  const failed = new Map<string, string>();
  const ids = grantIds ?? (await recentGrants(context, failed));
  const attached: { grantId: string; complete: boolean }[] = [];
  const exposed: string[] = [];
  let told = 0;
  for (const grantId of ids) {
    const stands = () => recordOn(context, grantId, () => undefined);
    await attempt(failed, `shells of ${grantId}`, async () => {
      const stood = await stands();
      const code = stood === undefined ? undefined : await endShells(context, stood);
      if (code !== undefined) failed.set(`shells of ${grantId}`, code);
    });
    await attempt(failed, `evidence of ${grantId}`, async () => {
      const stood = await stands();
      if (stood === undefined) return;
      const collected = await collectEvidence(context, stood);
      if (collected.outcome === 'failed') failed.set(`evidence of ${grantId}`, collected.code);
      if (collected.outcome !== 'attached') return;
      attached.push({ grantId, complete: collected.evidence.complete });
      exposed.push(...collected.exposed);
    });
    await attempt(failed, `notices of ${grantId}`, async () => {
      const stood = await stands();
      if (stood !== undefined) told += await tellOfGrant(context, stood);
    });
  }
  return { looked: ids.length, attached, exposed, told, failed };
}

async function idsOf(entries: AsyncIterable<{ readonly id: string }>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of entries) ids.push(id);
  return ids;
}
