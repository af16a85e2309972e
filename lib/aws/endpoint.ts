import { booleanSelector, loadConfig, type Profile, SelectorType } from '@smithy/core/config';
import { JanitorError } from '../domain/error.ts';
import { isLoopback } from './loopback.ts';

/** Services of an account that this product calls to look after credentials, by the prefix of their permissions. */
export const AWS_SERVICES = ['iam', 'sts', 'account', 'secretsmanager'] as const;
export type AccountService = (typeof AWS_SERVICES)[number];
/** And those that show what a person did there. */
export type AwsService = AccountService | 'cloudtrail' | 'ssm';

/** Service ids as the SDK's configuration spells them (`AWS_ENDPOINT_URL_SECRETS_MANAGER`). */
const SERVICE_IDS: Readonly<Record<AwsService, string>> = {
  iam: 'IAM',
  sts: 'STS',
  account: 'Account',
  secretsmanager: 'Secrets Manager',
  cloudtrail: 'CloudTrail',
  ssm: 'SSM',
};

/**
 * Where a service's requests go: into this process (`embedded`), to a URL that somebody configured, or to
 * AWS's own endpoint of the Region.
 */
export type ServiceEndpoint =
  | { readonly service: AwsService; readonly origin: 'embedded' }
  | {
      readonly service: AwsService;
      readonly origin: 'configured';
      readonly url: string;
      /** What configured it, for messages: an option, an environment variable or a profile. */
      readonly from: string;
    }
  | { readonly service: AwsService; readonly origin: 'aws' };

/** Whether nothing sent there can leave this machine. */
export function isLocal(endpoint: ServiceEndpoint): boolean {
  if (endpoint.origin === 'configured') return isLoopback(endpoint.url);
  return endpoint.origin === 'embedded';
}

/**
 * The URL configured for a service of the hub (tables, buckets, workflows) by its service id as SDKs spell it, such as
 * `DynamoDB`; undefined for AWS's own endpoint. Precedence and errors as `resolveEndpoint`.
 */
export async function endpointUrl(serviceId: string, options: EndpointOptions): Promise<string | undefined> {
  const configured = await configuredEndpoint(serviceId, options);
  return configured === undefined ? undefined : validated(configured).url;
}

interface Configured {
  readonly url: string;
  readonly from: string;
}

export interface EndpointOptions {
  /** For every service; comes before everything that is configured elsewhere. */
  readonly endpoint?: string | undefined;
  readonly profile?: string | undefined;
}

/**
 * The endpoint configured for a service, by the SDKs' precedence: option, `AWS_ENDPOINT_URL_<SERVICE>`,
 * `AWS_ENDPOINT_URL`, the profile's services section, the profile's `endpoint_url`. Clients are given exactly
 * this URL, so what is checked is what is used (the SDK by itself would look into the default profile even
 * when another one was chosen). Throws `endpoint-invalid`.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function resolveEndpoint(
  service: AwsService,
  options: EndpointOptions,
): Promise<ServiceEndpoint> {
  const configured = await configuredEndpoint(SERVICE_IDS[service], options);
  if (configured === undefined) return { service, origin: 'aws' };
  return { service, origin: 'configured', ...validated(configured) };
}

async function configuredEndpoint(
  serviceId: string,
  { endpoint, profile }: EndpointOptions,
): Promise<Configured | undefined> {
  if (endpoint !== undefined) return { url: endpoint, from: 'the endpoint option' };
  const init = profile === undefined ? {} : { profile };
  if (await loadConfig(IGNORE_SELECTORS, init)()) return undefined;
  return loadConfig<Configured | undefined>(
    {
      environmentVariableSelector: (env) => fromEnvironment(env, serviceId),
      configFileSelector: (section, sections) => fromProfile(section, sections, serviceId),
      default: undefined,
    },
    init,
  )();
}

const IGNORE_SELECTORS = {
  environmentVariableSelector: (env: NodeJS.ProcessEnv) =>
    booleanSelector(env, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', SelectorType.ENV),
  configFileSelector: (profile: Profile) =>
    booleanSelector(profile, 'ignore_configured_endpoint_urls', SelectorType.CONFIG),
  default: false,
};

function fromEnvironment(env: NodeJS.ProcessEnv, serviceId: string): Configured | undefined {
  const own = `AWS_ENDPOINT_URL_${serviceId.replaceAll(' ', '_').toUpperCase()}`;
  const name = [own, 'AWS_ENDPOINT_URL'].find((each) => (env[each] ?? '') !== '');
  return name === undefined ? undefined : { url: env[name] ?? '', from: name };
}

function fromProfile(
  profile: Profile,
  sections: Readonly<Record<string, Profile>> | undefined,
  serviceId: string,
): Configured | undefined {
  const services = profile.services === undefined ? undefined : sections?.[`services.${profile.services}`];
  const own = services?.[`${serviceId.replaceAll(' ', '_').toLowerCase()}.endpoint_url`];
  if (own !== undefined)
    return { url: own, from: `services section "${profile.services}" of the AWS configuration` };
  const general = profile.endpoint_url;
  return general === undefined ? undefined : { url: general, from: 'endpoint_url of the AWS profile' };
}

function validated({ url, from }: Configured): Configured {
  if (URL.canParse(url) && /^https?:\/\//i.test(url)) return { url, from };
  throw new JanitorError(`"${url}" (${from}) is not the URL of an endpoint`, {
    code: 'endpoint-invalid',
    source: 'user',
    hint: 'Write it with its scheme, for example http://127.0.0.1:4566, or remove it to use AWS itself.',
  });
}
