// Must be refused: code of a function that brings all of zod.
export type { ZodType } from 'zod';
