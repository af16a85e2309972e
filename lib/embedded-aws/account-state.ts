import { actionPattern } from './action-pattern.ts';
import { IamState } from './iam/state.ts';
import type { Principal } from './principal.ts';
import { RegionalSecrets } from './secrets/state.ts';
import type { Shell } from './ssm/state.ts';

/** Regions enabled by default in every account, and three that need opting in. */
export const DEFAULT_REGIONS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

export type RegionOptStatus = 'ENABLED' | 'ENABLED_BY_DEFAULT' | 'ENABLING' | 'DISABLING' | 'DISABLED';

interface DenyRule {
  readonly principal: string;
  readonly actions: readonly RegExp[];
}

/** One account of the world. */
export class AccountState {
  readonly id: string;
  readonly iam = new IamState();
  readonly regions = new Map<string, RegionOptStatus>();
  /** The organisation it belongs to; undefined for an outside account. */
  organizationId: string | undefined;
  /** Shells of Session Manager by id, in all Regions. */
  readonly shells = new Map<string, Shell>();
  readonly #secrets = new Map<string, RegionalSecrets>();
  #denied: DenyRule[] = [];

  constructor(id: string, organizationId: string) {
    this.id = id;
    this.organizationId = organizationId;
    for (const region of DEFAULT_REGIONS) this.regions.set(region, 'ENABLED_BY_DEFAULT');
  }

  /** Whether regional services accept this account's credentials in a Region. */
  isEnabled(region: string): boolean {
    const status = this.regions.get(region);
    return status === 'ENABLED' || status === 'ENABLED_BY_DEFAULT' || status === 'DISABLING';
  }

  secrets(region: string): RegionalSecrets {
    const existing = this.#secrets.get(region);
    if (existing !== undefined) return existing;
    const created = new RegionalSecrets(region);
    this.#secrets.set(region, created);
    return created;
  }

  /** Regions that hold or held secrets. */
  secretRegions(): readonly string[] {
    return [...this.#secrets.keys()].sort();
  }

  deny(principal: string, actions: readonly string[]): void {
    this.#denied.push({ principal, actions: actions.map(actionPattern) });
  }

  /** Removes the deny rules of a principal. */
  allow(principal: string): void {
    this.#denied = this.#denied.filter((rule) => rule.principal !== principal);
  }

  isDenied(principal: Principal, action: string): boolean {
    return this.#denied.some(
      (rule) => concerns(rule, principal) && rule.actions.some((each) => each.test(action)),
    );
  }
}

function concerns(rule: DenyRule, principal: Principal): boolean {
  return (
    rule.principal === '*' || rule.principal === principal.arn || rule.principal === principal.principalArn
  );
}
