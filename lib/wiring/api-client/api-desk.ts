import { createAwsClients } from '../../aws/index.ts';
import type { Desk } from '../desk.ts';
import type { AwsFlags } from '../flags.ts';
import { idBehind } from '../id-behind.ts';
import { refuseUnknownProfile } from '../profile.ts';
import { openStack } from '../stack/open-stack.ts';
import { apiClient } from './api-client.ts';
import { type ApiEndpoint, apiAddress, regionOfApi } from './endpoint.ts';

/** Asks the API of a stack: nobody at a keyboard writes the record of a deployed janitor. */
export async function openStackDesk(name: string, flags: AwsFlags): Promise<Desk> {
  const { outputs, clients, close } = await openStack(name, flags);
  const { credentials } = clients.sts.config;
  return deskOver({ url: apiAddress(outputs.ApiUrl), region: outputs.Region, credentials }, close);
}

/** Asks the API at an address, signed with the caller's own credentials. Throws `api-invalid` and `profile-unknown`. */
export async function openApiDesk(address: string, { profile, region }: AwsFlags): Promise<Desk> {
  const url = apiAddress(address);
  await refuseUnknownProfile(profile, process.env);
  const clients = await createAwsClients({ profile, region });
  const { credentials } = clients.sts.config;
  return deskOver({ url, region: regionOfApi(url, clients.region), credentials }, async () =>
    clients.close(),
  );
}

function deskOver(endpoint: ApiEndpoint, close: () => Promise<void>): Desk {
  const service = apiClient(endpoint);
  return { service, credentialId: (typed) => idBehind(service, typed), close };
}
