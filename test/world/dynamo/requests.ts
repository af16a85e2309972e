import * as z from 'zod';
import { attributeSchema } from './expression.ts';

const item = z.record(z.string(), attributeSchema);
const names = { ExpressionAttributeNames: z.record(z.string(), z.string()).optional() };
const expressions = { ...names, ExpressionAttributeValues: item.optional() };
const table = { TableName: z.string() };

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

/** The requests the ledger makes, and nothing more: an unknown parameter is a reason to extend this. */
export const requestSchemas = {
  CreateTable: z.strictObject({
    ...table,
    BillingMode: z.string(),
    AttributeDefinitions: z.array(z.unknown()),
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z.array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.strictObject({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY']) }),
      }),
    ),
  }),
  DescribeTable: z.strictObject(table),
  PutItem: z.strictObject({
    ...table,
    ...expressions,
    Item: item,
    ConditionExpression: z.string().optional(),
  }),
  DeleteItem: z.strictObject({
    ...table,
    ...expressions,
    Key: item,
    ConditionExpression: z.string().optional(),
  }),
  GetItem: z.strictObject({ ...table, Key: item, ConsistentRead: z.boolean().optional() }),
  BatchGetItem: z.strictObject({
    RequestItems: z.record(
      z.string(),
      z.strictObject({ Keys: z.array(item).min(1).max(100), ConsistentRead: z.boolean().optional() }),
    ),
  }),
  Query: z.strictObject({
    ...table,
    ...expressions,
    IndexName: z.string().optional(),
    KeyConditionExpression: z.string(),
    ConsistentRead: z.boolean().optional(),
    ScanIndexForward: z.boolean().optional(),
    Limit: z.number().int().positive().optional(),
    ExclusiveStartKey: item.optional(),
  }),
  Scan: z.strictObject({
    ...table,
    ...expressions,
    ConsistentRead: z.boolean().optional(),
    FilterExpression: z.string().optional(),
    ProjectionExpression: z.string().optional(),
    Limit: z.number().int().positive().optional(),
    ExclusiveStartKey: item.optional(),
  }),
} as const;

export type Operation = keyof typeof requestSchemas;
export type Request<O extends Operation> = z.infer<(typeof requestSchemas)[O]>;

export function isOperation(name: string): name is Operation {
  return Object.hasOwn(requestSchemas, name);
}
