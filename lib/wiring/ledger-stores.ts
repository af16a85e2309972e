import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CredentialRecord, DynamoDecisionLedger, StateProjection } from '../ledger/index.ts';

export const LEDGER_TABLES = { ledger: 'janitor-ledger', state: 'janitor-state' } as const;

/** The ledger, its projection and both together, over one DynamoDB client. */
export function ledgerStores(
  client: DynamoDBClient,
  ledger = new DynamoDecisionLedger({ client, tableName: LEDGER_TABLES.ledger }),
) {
  const state = new StateProjection({ client, tableName: LEDGER_TABLES.state });
  return { ledger, state, record: new CredentialRecord({ ledger, state }) };
}
