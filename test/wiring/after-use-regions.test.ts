import { describe, expect, it } from 'vitest';
import { fallbackFor } from '../../lib/wiring/deployed/after-use-accounts.ts';

describe('where evidence is looked for when nobody can say which Regions an account has', () => {
  it.each([
    ['eu-south-2', /^(?!cn-|us-gov-)/],
    ['cn-north-1', /^cn-/],
    ['us-gov-west-1', /^us-gov-/],
  ])('at home in %s and in the Regions of its partition alone', (home, ofPartition) => {
    const regions = fallbackFor(home);
    expect(regions).toContain(home);
    expect(regions.length).toBeGreaterThan(1);
    expect(regions.filter((region) => !ofPartition.test(region))).toEqual([]);
  });
});
