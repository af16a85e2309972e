// Must be refused: judging that reads the ledger, and past its index.
import type { DynamoDecisionLedger } from '../../../../../lib/ledger/dynamo-decision-ledger.ts';

export type Reached = DynamoDecisionLedger;
