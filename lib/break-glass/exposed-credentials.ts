import { GetUserCommand } from '@aws-sdk/client-iam';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { awsError, mapAwsError } from '../aws/index.ts';
import { accessKeyCredentialId } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import type { Grant } from '../domain/grant.ts';
import { EXPOSED_RULE, type Touched, type UsedCall } from '../domain/grant-evidence.ts';
import { foldCredential } from '../domain/history.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import type { AfterUseAccount, AfterUseContext } from './after-use-context.ts';
import { contended, nowAfter } from './record.ts';

const ATTEMPTS = 20;

/** A credential that calls of a grant touched, once, with the newest of them. */
interface Exposure {
  readonly touched: Touched;
  readonly region: string;
  readonly action: string;
  readonly at: Instant;
}

export interface OpenedFindings {
  /** Credentials that have a finding that names this grant, opened now or before, or were rotated since. */
  readonly credentialIds: readonly string[];
  /** Which credentials could not be named, and why. */
  readonly unnamed: readonly string[];
}

/**
 * Opens a finding on the chain of each credential that was made, given a value or shown during a grant: whoever had the
 * grant may still know it, so it is to be rotated. Once per grant and credential, however often.
 */
export async function openFindings(
  context: AfterUseContext,
  account: AfterUseAccount,
  grant: Grant,
  calls: readonly UsedCall[],
): Promise<OpenedFindings> {
  const credentialIds: string[] = [];
  const unnamed = calls
    .filter(namesNoSecret)
    .map(({ at, eventId }) => `a call of ${at} (${eventId}) showed secrets that its event does not name`);
  for (const exposure of exposuresIn(calls)) {
    try {
      const id = await idOf(account, exposure);
      if (id === undefined) continue;
      await openOn(context, grant, id, exposure);
      credentialIds.push(id);
    } catch (error) {
      if (!(error instanceof JanitorError)) throw error;
      const { kind, name } = exposure.touched;
      unnamed.push(`${kind} ${name} has no finding yet (${error.code}): ${error.message}`);
    }
  }
  return { credentialIds, unnamed };
}

function exposuresIn(calls: readonly UsedCall[]): readonly Exposure[] {
  const newest = new Map<string, Exposure>();
  for (const { touched = [], region, action, service, at } of calls) {
    for (const each of touched) {
      const exposure = { touched: each, region, action: `${service}:${action}`, at };
      newest.set(`${each.kind} ${each.kind === 'secret' ? region : ''} ${each.name}`, exposure);
    }
  }
  return [...newest.values()];
}

/** Secrets can be read by a filter, and then nothing says which they were. */
function namesNoSecret({ action, error, touched }: UsedCall): boolean {
  return action === 'BatchGetSecretValue' && error === undefined && touched === undefined;
}

const WHOLE_ARN = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/;

/** The id of a credential's chain; undefined: it is gone. Throws the `aws-` codes. */
async function idOf(account: AfterUseAccount, exposure: Exposure): Promise<string | undefined> {
  const { kind, name, userName } = exposure.touched;
  if (kind === 'secret') {
    if (WHOLE_ARN.test(name)) return name;
    const client = account.secretsManager(exposure.region);
    return found(`secretsmanager:DescribeSecret of ${name}`, async () => {
      const { ARN } = await client.send(new DescribeSecretCommand({ SecretId: name }));
      return ARN;
    });
  }
  return found(`iam:GetUser of ${userName ?? 'the user of the key'}`, async () => {
    if (userName === undefined) return undefined;
    const { User } = await account.iam.send(new GetUserCommand({ UserName: userName }));
    return User?.Arn === undefined ? undefined : accessKeyCredentialId(User.Arn, name);
  });
}

async function found(
  operation: string,
  read: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await read();
  } catch (error) {
    if (mapAwsError(error, operation).kind === 'not-found') return undefined;
    throw awsError(error, operation);
  }
}

async function openOn(
  context: AfterUseContext,
  grant: Grant,
  credentialId: string,
  exposure: Exposure,
): Promise<void> {
  const subject = subjects.credential(credentialId);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const events = await context.ledger.chain(subject);
    const draft = draftOf(context, grant, events, exposure);
    if (draft === undefined) {
      await context.record.reproject([subject]);
      return;
    }
    if ((await context.record.append(credentialId, foldCredential(events), draft)).ok) return;
  }
  throw contended(subject);
}

function draftOf(
  context: AfterUseContext,
  { grantId, role, requestedBy }: Grant,
  events: readonly LedgerEvent[],
  { touched, action, at }: Exposure,
): EventDraft | undefined {
  if (events.some((event) => names(event, grantId))) return undefined;
  const { rotation, deleted } = foldCredential(events);
  const isReplaced = rotation?.state === 'finished' && rotation.at > at;
  if (isReplaced || deleted !== undefined) return undefined;
  const did = touched.how === 'read' ? 'its value was shown' : 'it was made, or given its value,';
  return {
    at: nowAfter(context, events),
    actor: context.broker,
    policyHash: context.rules.policyHash,
    rule: EXPOSED_RULE,
    type: 'finding.opened',
    data: {
      kind: touched.kind,
      reasons: [
        `${did} by ${action} on ${at} under break-glass grant ${grantId} (${role}, ${requestedBy.person ?? requestedBy.arn})`,
        'whoever had the grant may still know it: rotate it (janitor rotate)',
      ],
    },
  };
}

function names(event: LedgerEvent, grantId: string): boolean {
  if (event.type !== 'finding.opened' || event.rule !== EXPOSED_RULE) return false;
  return event.data.reasons.some((reason) => reason.includes(`grant ${grantId} `));
}
