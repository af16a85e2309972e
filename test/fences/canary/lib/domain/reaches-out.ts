// Must be refused: domain importing another room, and the AWS SDK.
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SweepResult } from '../../../../../lib/sweep/index.ts';

export type Reached = IAMClient | SweepResult;
