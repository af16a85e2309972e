import { type AwsFailureKind, blamesTheClock } from './failure-names.ts';

/** What is known of a failure when it is put into words. */
export interface Incident {
  readonly kind: AwsFailureKind;
  readonly code: string;
  readonly operation: string;
  readonly permission: string;
  readonly region: string | undefined;
  /** AWS's own text, on one line; may be empty. */
  readonly said: string;
  readonly status: number | undefined;
}

export interface Advice {
  readonly message: string;
  readonly hint: string;
}

/** One line that says what failed and why, and one that says what to do next. */
export function adviceFor(incident: Incident): Advice {
  return ADVICE[incident.kind](incident);
}

function call({ operation, region }: Incident): string {
  return region === undefined ? operation : `${operation} in ${region}`;
}

function because({ said }: Incident): string {
  return said === '' ? '' : `: ${said}`;
}

const ADVICE: Readonly<Record<AwsFailureKind, (incident: Incident) => Advice>> = {
  denied: (incident) => ({
    message: `${call(incident)} was denied (${incident.code})${denial(incident)}`,
    hint: deniedHint(incident),
  }),
  throttled: (incident) => ({
    message: `AWS kept throttling ${call(incident)} (${incident.code})`,
    hint: 'Run it again later, or stop other programs that call the same API in this account.',
  }),
  'not-found': (incident) => ({
    message: `${call(incident)} did not find what was asked for (${incident.code})${because(incident)}`,
    hint: 'It may have been removed meanwhile; run it again.',
  }),
  invalid: (incident) => ({
    message: `AWS did not accept the request ${call(incident)} (${incident.code})${because(incident)}`,
    hint: /^Region /.test(incident.said)
      ? 'Name an existing Region with --region, AWS_REGION or in the profile.'
      : 'Check Region and input; if both are right, report this as a defect.',
  }),
  conflict: (incident) => ({
    message: `${call(incident)} conflicts with the present state (${incident.code})${because(incident)}`,
    hint: 'Somebody may be changing the same thing, or a quota is used up; look at it and run it again.',
  }),
  'expired-credentials': (incident) => ({
    message: `The AWS credentials have expired (${incident.code})${because(incident)}`,
    hint: 'Sign in again, for example with "aws sso login", and repeat the command.',
  }),
  'no-credentials': (incident) => noCredentials(incident),
  unreachable: (incident) => ({
    message: `The endpoint of ${call(incident)} could not be reached (${incident.code})${because(incident)}`,
    hint: unreachableHint(incident),
  }),
  'not-offered': (incident) => ({
    message: `What answers at the endpoint does not offer ${call(incident)}${because(incident)}`,
    hint: 'Check AWS_ENDPOINT_URL and proxies: an emulator may lack it, and a proxy may answer in place of AWS.',
  }),
  other: (incident) => ({
    message: `${call(incident)} failed (${incident.code}${incident.status === undefined ? '' : `, HTTP ${incident.status}`})${because(incident)}`,
    hint: 'Run it again; if it persists, look at the AWS Health Dashboard.',
  }),
};

/** AWS's long sentence, shortened to who was denied and by which kind of policy. */
function denial(incident: Incident): string {
  const { said } = incident;
  const who = /User: (arn:\S+) is not authorized/.exec(said)?.[1];
  if (who === undefined) return because(incident);
  const why = /(with an explicit deny in an? [\w -]+ policy|because no [\w -]+ policy allows)/.exec(
    said,
  )?.[1];
  return ` to ${who}${why === undefined ? '' : ` ${why}`}`;
}

function deniedHint({ permission, said, code, region }: Incident): string {
  if (code === 'OptInRequired' || code === 'RegionDisabled') {
    return `Enable ${region ?? 'the Region'} for this account, or leave it out of the Regions to read.`;
  }
  if (/service control policy/i.test(said)) {
    return `A service control policy denies ${permission}: ask whoever manages the organisation, or leave out what it forbids.`;
  }
  if (/explicit deny/i.test(said)) return `A policy denies ${permission} explicitly: remove that statement.`;
  return `Grant ${permission} to the identity that runs this; docs/permissions-read-only.json is the exact policy for reading.`;
}

function noCredentials(incident: Incident): Advice {
  const { code, region, said } = incident;
  if (blamesTheClock(code)) {
    return {
      message: `AWS refused ${call(incident)} because of the time of the request (${code})`,
      hint: 'Set the clock of this machine.',
    };
  }
  if (code === 'CredentialsProvider' || code === 'TokenProvider' || code === 'MissingAuthenticationToken') {
    return {
      message: `No AWS credentials were found (${code})${because(incident)}`,
      hint: 'Choose a profile with --profile or AWS_PROFILE, sign in with "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    };
  }
  return {
    message: `AWS does not accept these credentials for ${call(incident)} (${code})${said === '' ? '' : because(incident)}`,
    hint:
      region === undefined
        ? 'Check that the credentials still exist and belong to this partition, and the Region (--region or AWS_REGION).'
        : `Enable ${region} for this account or leave it out of the Regions to read; if others fail too, check the credentials.`,
  };
}

function unreachableHint({ code, region }: Incident): string {
  if (/CERT|SSL|SIGNATURE|EPROTO/.test(code)) {
    return 'If a proxy inspects TLS, name its certificate authority in NODE_EXTRA_CA_CERTS.';
  }
  if (code === 'ENOTFOUND') {
    return `Check the network and the spelling of the Region${region === undefined ? '' : ` (${region})`} or of AWS_ENDPOINT_URL.`;
  }
  return 'Check the network, VPN and proxies, and AWS_ENDPOINT_URL if it is set.';
}
