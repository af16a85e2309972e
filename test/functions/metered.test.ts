import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infrastructure/names.ts';

const root = path.join(import.meta.dirname, '..', '..');

it.each(FUNCTION_NAMES)('%s publishes what it counts, if it counts anything', (name) => {
  const source = readFileSync(path.join(root, 'functions', name, 'handler.ts'), 'utf8');
  expect(source.includes('.use(metered)')).toBe(source.includes('metrics.addMetric('));
});

it.each(FUNCTION_NAMES)('%s has its schemas interpreted before any is made', (name) => {
  const source = readFileSync(path.join(root, 'functions', name, 'handler.ts'), 'utf8');
  expect(source.startsWith("import '../../lib/wiring/deployed/interpreted-schemas.ts';\n")).toBe(true);
});
