import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { LEDGER_INDEX, STATE_INDEX_NAMES } from '../permissions/index.ts';

export interface RecordTablesProps {
  readonly key: IKey;
  /** Tables go with the stack. */
  readonly removable: boolean;
}

/**
 * The decision ledger and its projection. On demand, restorable to any second of 35 days, encrypted with our key and,
 * unless removable, protected from deletion and kept when the stack goes. Keys and indexes are those of lib/ledger
 * (a test holds both equal); nothing has a stream or a lifetime, since nothing of a record ends by itself. Table and
 * not TableV2, which cannot be synthesised with a key of ours for a stack that names no Region.
 */
export class RecordTables extends Construct {
  readonly ledger: Table;
  readonly state: Table;

  constructor(scope: Construct, id: string, { key, removable }: RecordTablesProps) {
    super(scope, id);
    const shared = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !removable,
      removalPolicy: removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    };
    this.ledger = new Table(this, 'Ledger', {
      ...shared,
      partitionKey: text('subject'),
      sortKey: text('seq'),
    });
    this.ledger.addGlobalSecondaryIndex({
      indexName: LEDGER_INDEX,
      partitionKey: text('bucket'),
      sortKey: text('at'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.state = new Table(this, 'State', { ...shared, partitionKey: text('pk'), sortKey: text('sk') });
    this.state.addGlobalSecondaryIndex({
      indexName: STATE_INDEX_NAMES.owner,
      partitionKey: text('ownerId'),
      sortKey: text('sk'),
    });
    this.state.addGlobalSecondaryIndex({
      indexName: STATE_INDEX_NAMES.due,
      partitionKey: text('pk'),
      sortKey: text('dueAt'),
    });
    this.state.addGlobalSecondaryIndex({
      indexName: STATE_INDEX_NAMES.name,
      partitionKey: text('name'),
      sortKey: text('sk'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.state.addGlobalSecondaryIndex({
      indexName: STATE_INDEX_NAMES.listing,
      partitionKey: text('listing'),
      sortKey: text('sk'),
    });
  }
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
