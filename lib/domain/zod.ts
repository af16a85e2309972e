import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

/** Unlike zod itself, zod/mini brings no words for what is wrong with a value. */
z.config(en());

/**
 * Schemas as everything that is deployed writes them. zod/mini is the same library with functions instead of methods: a
 * bundle holds only what is called, where the methods of zod bring all of it, which costs a cold start some 15 ms. See
 * docs/adr/0024-schemas-in-functions.md.
 */
export * from 'zod/mini';
