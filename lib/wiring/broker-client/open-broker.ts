import { fromEnv } from '@aws-sdk/credential-provider-env';
import { createStsClient } from '../../aws/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { type ApiEndpoint, apiAddress, regionOfApi } from '../api-client/endpoint.ts';
import type { StackFlags } from '../flags.ts';
import { refuseUnknownProfile } from '../profile.ts';
import { type AskedBroker, brokerClient } from './broker-client.ts';
import { type OwnCredentials, ownCredentials } from './own-profile.ts';

export interface BrokerFlags extends StackFlags {
  /** Address of an API. */
  readonly api?: string | undefined;
}

/** Whoever lends break-glass roles: a deployed or a served janitor. */
export interface Broker {
  readonly service: AskedBroker;
  /** Where it is, for a program that asks it later. */
  readonly url: string;
  /** Of its signatures. */
  readonly region: string;
  readonly own: OwnCredentials;
}

/**
 * Works at the broker that the flags name and closes it, also after an error. There is none for a state folder: break-glass
 * roles trust the broker's own role alone. Throws `broker-missing`, `api-invalid`, `profile-unknown`, `profile-lent`, what
 * finding a stack throws, and what the API throws.
 */
export async function atBroker<T>(flags: BrokerFlags, work: (broker: Broker) => Promise<T>): Promise<T> {
  const { endpoint, own, close } = await opened(flags);
  try {
    const { url, region } = endpoint;
    return await work({ service: brokerClient(endpoint), url, region, own });
  } finally {
    await close();
  }
}

interface Opened {
  readonly endpoint: ApiEndpoint;
  readonly own: OwnCredentials;
  close(): Promise<void>;
}

async function opened({ api, stack, profile, region }: BrokerFlags): Promise<Opened> {
  if (api === undefined && stack === undefined) throw noBroker();
  // Whoever has no configuration at all need not have a default profile in it.
  if (profile !== 'default') await refuseUnknownProfile(profile, process.env);
  const own = await ownCredentials(profile, process.env);
  const at = api === undefined ? await atStack(stack ?? '', own, region) : await atApi(api, own, region);
  return { ...at, own };
}

async function atStack(name: string, { profile }: OwnCredentials, region: string | undefined) {
  // Only finding a stack takes the clients of what a stack is made of.
  const { openStack } = await import('../stack/open-stack.ts');
  const named = profile === 'default' ? undefined : profile;
  const { outputs, clients, close } = await openStack(name, { profile: named, region });
  const { credentials } = clients.sts.config;
  return { endpoint: { url: apiAddress(outputs.ApiUrl), region: outputs.Region, credentials }, close };
}

async function atApi(address: string, { profile }: OwnCredentials, region: string | undefined) {
  const url = apiAddress(address);
  const signer = profile === undefined ? { credentials: fromEnv() } : { profile };
  const sts = await createStsClient({ ...signer, region });
  const { credentials } = sts.config;
  const home = regionOfApi(url, await sts.config.region());
  return { endpoint: { url, region: home, credentials }, close: async () => sts.destroy() };
}

function noBroker(): JanitorError {
  return new JanitorError('break-glass roles are lent by a deployed or a served janitor, and none is named', {
    code: 'broker-missing',
    source: 'user',
    hint: 'Name it with --stack NAME, --api URL or JANITOR_API. To try it out: "janitor serve".',
  });
}
