import { loadConfig } from '@smithy/core/config';
import { JanitorError } from '../domain/error.ts';

/** Used when nothing says otherwise: it serves IAM and STS of commercial AWS; secrets are read in all Regions. */
const FALLBACK = 'us-east-1';

/**
 * The Region to call global services from: the option, `AWS_REGION`, the profile's Region, else us-east-1.
 * Throws `region-invalid` for what cannot be a Region's name.
 */
export async function resolveRegion(options: {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}): Promise<string> {
  const region = options.region ?? (await configuredRegion(options.profile));
  if (/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return region;
  throw new JanitorError(`"${region}" is not the name of an AWS Region`, {
    code: 'region-invalid',
    source: 'user',
    hint: 'Give one like eu-central-1 with --region, AWS_REGION or in the profile.',
  });
}

function configuredRegion(profile: string | undefined): Promise<string> {
  return loadConfig<string>(
    {
      environmentVariableSelector: (env) => (env.AWS_REGION === '' ? undefined : env.AWS_REGION),
      configFileSelector: (section) => section.region,
      default: FALLBACK,
    },
    profile === undefined ? {} : { profile },
  )();
}
