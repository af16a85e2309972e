import { flaggedOf, type Population, REGIONS } from './population.ts';

/** The default-enabled Regions of the embedded account; each costs at least one ListSecrets. */
export const ENABLED_REGIONS = 17;
const REPORT_CALLS = 3;
const IDENTITY_AND_REGIONS = 2;

/**
 * The fewest AWS calls that can read such an account (design, "Reading an account at the floor"): a report (generate,
 * poll, get), its users a thousand a page, one listing of service-specific credentials, one ListSecrets per hundred
 * secrets and Region, one ListAccessKeys per user (first run) or flagged user (later), one GetAccessKeyLastUsed per
 * flagged key.
 */
export function floorOf(population: Population, run: 'first' | 'later'): number {
  const flagged = flaggedOf(population.users, population.flagged);
  const perRegion = Math.ceil(population.secrets / REGIONS.length / 100);
  const secretPages = REGIONS.length * perRegion + (ENABLED_REGIONS - REGIONS.length);
  const listings = run === 'first' ? population.users : flagged;
  return (
    IDENTITY_AND_REGIONS +
    REPORT_CALLS +
    Math.ceil(population.users / 1000) +
    1 +
    secretPages +
    listings +
    flagged
  );
}
