import { type Detected, type DetectionContext, recordDetection } from '../../lib/break-glass/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { Ground, ROLE_ARN } from './ground.ts';

export const HUB = '444455556666';
const BROKER = `arn:aws:iam::${HUB}:role/janitor-broker`;
export const VAULT = `arn:aws:iam::${ACCOUNT}:user/vault/emergency`;
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

type Data = Readonly<Record<string, unknown>>;
let count = 0;

/** A ground whose CloudTrail somebody tells of. */
export class Watch {
  readonly ground: Ground;
  readonly context: DetectionContext;

  private constructor(ground: Ground, context: DetectionContext) {
    this.ground = ground;
    this.context = context;
  }

  /** ana keeps the user in the vault, nobody in particular the root. */
  static async open(): Promise<Watch> {
    const ground = await Ground.open();
    ground.rules = {
      ...ground.rules,
      emergencyIdentities: [
        { arn: VAULT, custodians: ['ana'], reviewers: ['ana', 'bo', 'cy'] },
        { arn: ROOT, custodians: [], reviewers: ['bo', 'cy'] },
      ],
    };
    const people = new Map([['sso:bo@example.com', 'bo']]);
    const personOf = (principal: string) => people.get(principal);
    return new Watch(ground, { ...(await ground.context()), personOf, brokerRoleArn: BROKER });
  }

  detect(input: unknown): Promise<Detected> {
    return recordDetection(this.context, input);
  }

  detail(overrides: Data = {}): Data {
    count += 1;
    return {
      eventVersion: '1.11',
      eventID: `event-${count}`,
      eventTime: `${this.ground.now.slice(0, 19)}Z`,
      awsRegion: 'eu-central-1',
      sourceIPAddress: '192.0.2.7',
      recipientAccountId: ACCOUNT,
      ...overrides,
    };
  }

  /** As the trail of the role's account tells of it: of the caller no more than the account. */
  assumption(parameters: Data = {}, overrides: Data = {}): Data {
    return this.detail({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:broker', accountId: HUB },
      requestParameters: {
        roleArn: ROLE_ARN,
        roleSessionName: GRANT_ID,
        sourceIdentity: 'ana',
        ...parameters,
      },
      responseElements: { credentials: { accessKeyId: 'ASIASOMETHINGELSE000' } },
      ...overrides,
    });
  }

  byVault(overrides: Data = {}): Data {
    return this.detail({
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      userIdentity: { type: 'IAMUser', arn: VAULT, accountId: ACCOUNT, userName: 'emergency' },
      ...overrides,
    });
  }
}

export function incidentOf(detected: Detected) {
  if (detected.outcome !== 'incident') throw new Error(`it was ${detected.outcome}`);
  return detected.incident;
}
