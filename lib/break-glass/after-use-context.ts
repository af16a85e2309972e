import type { AwsClients, EvidenceClients } from '../aws/index.ts';
import type { Grant } from '../domain/grant.ts';
import type { GrantToldAbout } from '../domain/grant-events.ts';
import type { Incident } from '../domain/incident.ts';
import type { IncidentToldAbout } from '../domain/incident-events.ts';
import type { CredentialRecord, EvidenceStore } from '../ledger/index.ts';
import type { BreakGlassContext } from './context.ts';

/** One account through the hands of the janitor's break-glass role there. */
export interface AfterUseAccount
  extends Pick<EvidenceClients, 'cloudTrail' | 'ssm' | 'pause'>,
    Pick<AwsClients, 'iam' | 'secretsManager'> {}

/** Regions of an account in which evidence and shells are looked for: those that are enabled there. */
export interface RegionsToLookIn {
  readonly regions: readonly string[];
  /** Why there may be others: then nothing that was found is all there is. */
  readonly unsure?: string;
}

/** Whom a grant concerns, and what is to be said to them. */
export interface GrantTelling {
  readonly about: GrantToldAbout;
  /** Id of a person, or of whatever else the directory has a route to. */
  readonly recipient: string;
  readonly grant: Grant;
  /** What a reviewer reads first; empty for everything else. */
  readonly summary: readonly string[];
}

/** Whom an incident concerns. */
export interface IncidentTelling {
  readonly about: IncidentToldAbout;
  readonly recipient: string;
  readonly incident: Incident;
}

/** unknown: nobody can tell whether it arrived; the same notice is sent again in the next round. */
export type GrantTold = 'accepted' | 'refused' | 'unknown';

/** What the use cases that follow a grant work with besides: the reconciler's, the broker has no part in them. */
export interface AfterUseContext extends BreakGlassContext {
  readonly evidence: EvidenceStore;
  /** For findings on credentials that were made or shown. */
  readonly record: CredentialRecord;
  readonly owing: () => AsyncIterable<{ readonly id: string }>;
  readonly openAccount: (accountId: string) => Promise<AfterUseAccount>;
  readonly regionsOf: (accountId: string) => Promise<RegionsToLookIn>;
  /** Sends one notice under this id; never throws. Of somebody who cannot be reached at all it says refused. */
  readonly tell: (telling: GrantTelling, noticeId: string) => Promise<GrantTold>;
  /** Who answers for an account, and who runs the janitor: ids the directory has routes to. */
  readonly concerned: (accountId: string) => readonly string[];
}

/** What telling of incidents works with. */
export interface IncidentTellingContext
  extends Pick<AfterUseContext, 'clock' | 'ledger' | 'follow' | 'broker' | 'concerned'> {
  /** Incidents that nobody has reviewed: `RequestProjection.open('incident', now)`. */
  readonly unreviewed: () => AsyncIterable<{ readonly id: string }>;
  /** As `AfterUseContext.tell`. */
  readonly tellOfIncident: (telling: IncidentTelling, noticeId: string) => Promise<GrantTold>;
}
