import { forbidden } from '../authorization.ts';
import type { Role } from '../iam/state.ts';
import { parsePolicy, type Statement } from '../policy-document.ts';
import type { Principal } from '../principal.ts';
import { type QueryInput, queryService, validationError, xmlTime } from '../query-protocol.ts';
import { type Call, recordChange, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { Tag } from '../tag.ts';
import type { XmlValue } from '../xml.ts';
import { isTrusted } from './trust.ts';

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const CHAINED_SECONDS = 3600;

function getCallerIdentity(call: Call): XmlValue {
  const { userId, accountId, arn } = call.principal;
  return { UserId: userId, Account: accountId, Arn: arn };
}

function assumeRole(call: Call, input: QueryInput): XmlValue {
  const roleArn = input.required('RoleArn');
  const sessionName = matching(input.required('RoleSessionName'), 'roleSessionName');
  const seconds = input.integer('DurationSeconds', 900, 43_200) ?? 3600;
  const given = input.optional('SourceIdentity');
  if (given !== undefined) matching(given, 'sourceIdentity');
  const tags = sessionTags(input);
  const sessionPolicy = sessionPolicyOf(input.optional('Policy'));
  const found = findRole(call, roleArn);
  const sourceIdentity = inheritedIdentity(call, roleArn, given);
  const request = {
    principal: call.principal,
    callerAccount: call.account,
    roleSessionName: sessionName,
    externalId: input.optional('ExternalId'),
    sourceIdentity: given,
    tags,
  };
  if (found === undefined || !isTrusted(found.role.trustPolicy, request)) throw notAuthorized(call, roleArn);
  checkCaller(call, roleArn, { tags, sourceIdentity: given });
  checkDuration(call, found.role, seconds);
  const principal: Principal = {
    kind: 'role-session',
    accountId: found.accountId,
    arn: `arn:aws:sts::${found.accountId}:assumed-role/${found.role.name}/${sessionName}`,
    principalArn: found.role.arn,
    userId: `${found.role.id}:${sessionName}`,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    sessionTags: tags,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    issuedAt: call.now,
  };
  found.role.lastUsed = { at: call.now, region: call.region };
  return issueSession(call, principal, seconds);
}

function issueSession(call: Call, principal: Principal, seconds: number): XmlValue {
  const { world, now } = call;
  const accessKeyId = world.ids.unique('ASIA');
  const secretAccessKey = world.ids.secretAccessKey();
  const sessionToken = world.ids.sessionToken();
  const expiresAt = now + seconds * 1000;
  world.credentials.set(accessKeyId, {
    kind: 'session',
    principal,
    secretAccessKey,
    sessionToken,
    expiresAt,
  });
  const { sourceIdentity, sessionTags: tags = [] } = principal;
  recordChange(call, principal.arn, null, {
    accessKeyId,
    expiresAt: new Date(expiresAt).toISOString(),
    sourceIdentity: sourceIdentity ?? null,
    tags: Object.fromEntries(tags.map((tag) => [tag.key, tag.value])),
  });
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: xmlTime(expiresAt),
    },
    SourceIdentity: sourceIdentity,
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
  };
}

function findRole(call: Call, arn: string): { role: Role; accountId: string } | undefined {
  const [, accountId, resource] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  if (accountId === undefined || resource === undefined) throw validationError(`${arn} is invalid`);
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  const role = call.world.accounts.get(accountId)?.iam.roles.get(name.toLowerCase());
  return role?.arn === arn ? { role, accountId } : undefined;
}

/** A source identity survives chaining and cannot be changed on the way. */
function inheritedIdentity(call: Call, roleArn: string, given: string | undefined): string | undefined {
  const inherited = call.principal.sourceIdentity;
  if (inherited !== undefined && given !== undefined && inherited !== given)
    throw notAuthorized(call, roleArn);
  return inherited ?? given;
}

/** A session of a session lasts an hour at most; any other as long as its role allows. */
function checkDuration(call: Call, role: Role, seconds: number): void {
  if (call.principal.kind === 'role-session' && seconds > CHAINED_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (seconds > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}

/** Tags and a source identity are permissions of their own, on both sides. */
function checkCaller(
  call: Call,
  roleArn: string,
  { tags, sourceIdentity }: { readonly tags: readonly Tag[]; readonly sourceIdentity: string | undefined },
): void {
  const actions = [
    ...(tags.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  if (actions.some((action) => forbidden(call, action, roleArn) !== undefined))
    throw notAuthorized(call, roleArn);
}

function notAuthorized(call: Call, roleArn: string): ServiceError {
  return new ServiceError(
    'AccessDenied',
    403,
    `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
}

function matching(value: string, member: string): string {
  if (SESSION_NAME.test(value)) return value;
  throw validationError(
    String.raw`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]{2,64}`,
  );
}

function sessionTags(input: QueryInput): readonly Tag[] {
  const tags = input.tags('Tags');
  if (tags.length <= 50) return tags;
  throw validationError(
    "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
  );
}

function sessionPolicyOf(policy: string | undefined): readonly Statement[] | undefined {
  if (policy === undefined) return undefined;
  if (policy.length > 2048) {
    throw validationError(
      "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048",
    );
  }
  const statements = parsePolicy(policy);
  if (statements !== undefined) return statements;
  throw new ServiceError('MalformedPolicyDocument', 400, 'This policy contains invalid Json');
}

export const STS_SERVICE: Service = queryService({
  name: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  version: '2011-06-15',
  operations: { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole },
  rate: () => ({ bucket: 'sts', rate: { perSecond: 600, burst: 600 } }),
});
