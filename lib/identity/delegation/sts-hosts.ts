import { JanitorError } from '../../domain/error.ts';

/** DNS suffixes of AWS's own endpoints: https://docs.aws.amazon.com/general/latest/gr/sts.html and the SDKs' partitions. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['aws', 'amazonaws.com'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-eusc', 'amazonaws.eu'],
  ['aws-iso', 'c2s.ic.gov'],
  ['aws-iso-b', 'sc2s.sgov.gov'],
  ['aws-iso-e', 'cloud.adc-e.uk'],
  ['aws-iso-f', 'csp.hci.ic.gov'],
]);

/** The STS of a Region. Throws `partition-unknown` and `region-invalid`. */
export function stsHost(partition: string, region: string): string {
  const suffix = SUFFIXES.get(partition);
  if (suffix === undefined) {
    throw new JanitorError(`where STS answers in partition "${partition}" is not known`, {
      code: 'partition-unknown',
      source: 'user',
      hint: `Known partitions: ${[...SUFFIXES.keys()].join(', ')}.`,
    });
  }
  if (/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return `sts.${region}.${suffix}`;
  throw new JanitorError(`"${region}" is not the name of an AWS Region`, {
    code: 'region-invalid',
    source: 'user',
    hint: 'Give one like eu-central-1.',
  });
}

/**
 * The hosts that proofs may point at, each with the Region its requests are signed for: the Regional endpoints, and in
 * commercial AWS the global one, which belongs to us-east-1. No other host is ever asked. Throws as `stsHost`.
 */
export function stsHosts(partition: string, regions: readonly string[]): ReadonlyMap<string, string> {
  const hosts = new Map(regions.map((region) => [stsHost(partition, region), region]));
  if (partition === 'aws' && regions.includes('us-east-1')) hosts.set('sts.amazonaws.com', 'us-east-1');
  return hosts;
}
