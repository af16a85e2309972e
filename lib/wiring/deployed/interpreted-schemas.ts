import * as z from '../../domain/zod.ts';

/**
 * Imported by every handler before anything else. Zod compiles each schema of an object into code of its own, which pays
 * after some thousand parses; a function's first answer parses each schema once or twice and would wait for all of it.
 */
z.config({ jitless: true });
