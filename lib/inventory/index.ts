export { type Inventory, type InventorySummary, readInventory } from './inventory.ts';
export { findNewborn, type NewbornPlace } from './newborn.ts';
export type { InventoryOptions } from './options.ts';
export { listOrganizationAccounts, type OrganizationAccount } from './organization-accounts.ts';
export { type ReadingPosition, type Resumption, readingPositionSchema } from './position.ts';
export type { Note, Problem } from './problem.ts';
export { rereadCredential } from './reread.ts';
export { listStores } from './stores.ts';
export type { RememberedKey, RememberedKeys } from './user-reader.ts';
