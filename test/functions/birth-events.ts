/** Where births happen, and the hub that hears of them. */
export const HUB = '111122223333';
export const MEMBER = '444455556666';

const SSO_ROLE = 'AWSReservedSSO_Developer_1f2e3d4c5b6a7980';

/** An Identity Center user's session, as CloudTrail writes `userIdentity` for it. */
export function identityCenterSession(user: string, account = MEMBER) {
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLESSOROLE01:${user}`,
    arn: `arn:aws:sts::${account}:assumed-role/${SSO_ROLE}/${user}`,
    accountId: account,
    accessKeyId: 'ASIAEXAMPLESESSION00',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLESSOROLE01',
        arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-central-1/${SSO_ROLE}`,
        accountId: account,
        userName: SSO_ROLE,
      },
      attributes: { creationDate: '2026-10-15T08:41:12Z', mfaAuthenticated: 'false' },
    },
  };
}

/** A role's session, such as a pipeline's. */
export function roleSession(role: string, session: string, account = MEMBER) {
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLEPIPELINE1:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLEPIPELINE1',
        arn: `arn:aws:iam::${account}:role/ci/${role}`,
        accountId: account,
        userName: role,
      },
      webIdFederationData: {},
    },
  };
}

interface Call {
  readonly at: string;
  readonly account?: string;
  readonly userIdentity?: object;
  /** Merged over `detail`. */
  readonly detail?: object;
}

function envelope(source: string, region: string, { at, account = MEMBER }: Call, detail: object) {
  return {
    version: '0',
    id: '7bf73129-1428-4cd3-a780-95db273d1602',
    'detail-type': 'AWS API Call via CloudTrail',
    source,
    account,
    time: at,
    region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      eventTime: at,
      awsRegion: region,
      sourceIPAddress: '192.0.2.17',
      userAgent: 'aws-cli/2.31.5',
      requestID: '3f1a5c0e-9c1f-4e0b-8a53-2a8d1f0c7e11',
      eventID: 'b7a1e3f0-55d2-4b61-9d3c-6f1f4f7f0a9e',
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
      tlsDetails: { tlsVersion: 'TLSv1.3', clientProvidedHostHeader: 'example.amazonaws.com' },
      ...detail,
    },
  };
}

/** As EventBridge hands over CreateAccessKey; IAM's events come from us-east-1. */
export function createAccessKey(key: { userName?: string; accessKeyId: string }, call: Call) {
  return envelope('aws.iam', 'us-east-1', call, {
    userIdentity: call.userIdentity ?? identityCenterSession('ana'),
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    requestParameters: key.userName === undefined ? null : { userName: key.userName },
    responseElements: {
      accessKey: { ...key, status: 'Active', createDate: 'Oct 15, 2026, 9:00:00 AM' },
    },
    sessionCredentialFromConsole: 'true',
    ...call.detail,
  });
}

/** As EventBridge hands over CreateSecret; `responseElements` is null in AWS's own example. */
export function createSecret(
  name: string,
  responseElements: object | null,
  call: Call & { readonly region: string },
) {
  return envelope('aws.secretsmanager', call.region, call, {
    userIdentity: call.userIdentity ?? identityCenterSession('ana'),
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'CreateSecret',
    requestParameters: {
      name,
      secretString: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      clientRequestToken: '2a6f3f0c-5a0c-4b5e-9f57-1d2e3c4b5a69',
      forceOverwriteReplicaSecret: false,
    },
    responseElements,
    ...call.detail,
  });
}
