import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import { awsError } from '../aws/index.ts';
import {
  endedGrantsIn,
  endedPolicyArn,
  endedPolicyText,
  type InAccount,
} from '../domain/break-glass-names.ts';
import { JanitorError } from '../domain/error.ts';

/** IAM keeps five versions of a managed policy. */
const MOST_VERSIONS = 5;
/** Writers may undo each other: each looks again until it sees its own grants denied. */
const ATTEMPTS = 8;

export interface DenyOptions {
  /** Of grants that are denied, those that must go on being so; the others are left out. Default: all. */
  readonly keep?: Keep | undefined;
  /** Told at once that somebody else changed the policy: its text is none of the janitor's. Whatever becomes of mending it. */
  readonly changed?: () => void;
}

/** Asked at the last moment, about exactly what is denied by then: somebody may have ended a grant a moment ago. */
export type Keep = (denied: readonly string[]) => Promise<readonly string[]>;

interface InForce {
  readonly version: string;
  readonly text: string;
}

/**
 * Mechanism C in one account: the managed policy on all break-glass roles that denies everything to sessions tagged with
 * an ended grant. Each change is a new version whose text is exactly that of its set of grants; anything else is drift.
 */
export class DeniedGrants {
  readonly #iam: IAMClient;
  readonly #arn: string;

  constructor(iam: IAMClient, place: InAccount) {
    this.#iam = iam;
    this.#arn = endedPolicyArn(place);
  }

  /** Denies grants and returns once that was read back, with the policy's version that does. Throws the `aws-` codes and `denial-contended`. */
  async deny(grantIds: readonly string[], { keep, changed }: DenyOptions = {}): Promise<string> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { version, text } = await this.#inForce();
      const denied = endedGrantsIn(text);
      if (denied === undefined) changed?.();
      const kept = keep === undefined ? (denied ?? []) : await keep(denied ?? []);
      const wanted = endedPolicyText([...kept, ...grantIds]);
      if (text === wanted) return version;
      const created = await this.#put(wanted);
      const seen = await this.#inForce();
      // An older one is a read that does not see the change yet; a newer one is somebody else's, to be looked at.
      if (numberOf(seen.version) <= numberOf(created)) return created;
    }
    throw new JanitorError(`${this.#arn} is being changed by others all the time`, {
      code: 'denial-contended',
      source: 'system',
      hint: 'It is tried again; look in CloudTrail who changes it besides the broker.',
    });
  }

  async #inForce(): Promise<InForce> {
    const { Policy } = await this.#call('iam:GetPolicy', () =>
      this.#iam.send(new GetPolicyCommand({ PolicyArn: this.#arn })),
    );
    const version = Policy?.DefaultVersionId ?? '';
    const { PolicyVersion } = await this.#call('iam:GetPolicyVersion', () =>
      this.#iam.send(new GetPolicyVersionCommand({ PolicyArn: this.#arn, VersionId: version })),
    );
    return { version, text: decoded(PolicyVersion?.Document ?? '') };
  }

  /** The version it made. */
  async #put(text: string): Promise<string> {
    await this.#makeRoom();
    const { PolicyVersion } = await this.#call('iam:CreatePolicyVersion', () =>
      this.#iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: this.#arn, PolicyDocument: text, SetAsDefault: true }),
      ),
    );
    return PolicyVersion?.VersionId ?? '';
  }

  /** The oldest versions that are not in force go first. */
  async #makeRoom(): Promise<void> {
    const { Versions = [] } = await this.#call('iam:ListPolicyVersions', () =>
      this.#iam.send(new ListPolicyVersionsCommand({ PolicyArn: this.#arn })),
    );
    const oldestFirst = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).toSorted(
      (a, b) => numberOf(a.VersionId) - numberOf(b.VersionId),
    );
    const tooMany = Versions.length - (MOST_VERSIONS - 1);
    for (const { VersionId } of oldestFirst.slice(0, Math.max(0, tooMany))) {
      await this.#call('iam:DeletePolicyVersion', () =>
        this.#iam.send(new DeletePolicyVersionCommand({ PolicyArn: this.#arn, VersionId })),
      );
    }
  }

  async #call<T>(operation: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw awsError(error, `${operation} of ${this.#arn}`);
    }
  }
}

function numberOf(versionId: string | undefined): number {
  return Number(versionId?.slice(1) ?? 0);
}

function decoded(document: string): string {
  try {
    return decodeURIComponent(document);
  } catch {
    return document;
  }
}
