export { type Inventory, type InventorySummary, readInventory } from './inventory.ts';
export type { InventoryOptions } from './options.ts';
export type { Note, Problem } from './problem.ts';
export { rereadCredential } from './reread.ts';
export type { RememberedKey, RememberedKeys } from './user-reader.ts';
