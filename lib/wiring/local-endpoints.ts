import { type AwsClients, isLocal, type ServiceEndpoint } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';

/** Endpoints through which requests would leave this machine. */
export function remoteEndpoints(clients: Pick<AwsClients, 'endpoints'>): ServiceEndpoint[] {
  return clients.endpoints().filter((endpoint) => !isLocal(endpoint));
}

/** Throws `acting-refused` (policy) unless every endpoint is embedded or loopback: real accounts need the service. */
export function refuseActingElsewhere(clients: Pick<AwsClients, 'endpoints'>): void {
  const remote = remoteEndpoints(clients);
  if (remote.length === 0) return;
  throw new JanitorError(`the command line changes no real account: ${described(remote)}`, {
    code: 'acting-refused',
    source: 'policy',
    hint: 'Acting on an account takes the deployed service. To try it out: "janitor embedded-aws --port 4580" and the exports it prints.',
    details: { endpoints: remote },
  });
}

/** Throws `now-refused` (user): a recorded instant must be true wherever records are. */
export function refuseTimeTravelElsewhere(
  clients: Pick<AwsClients, 'endpoints'>,
  now: string | undefined,
): void {
  const remote = remoteEndpoints(clients);
  if (now === undefined || remote.length === 0) return;
  throw new JanitorError(
    `--now would put a made-up time into the record of a real account: ${described(remote)}`,
    {
      code: 'now-refused',
      source: 'user',
      hint: 'Leave --now out, or point AWS_ENDPOINT_URL at an embedded or loopback endpoint.',
      details: { endpoints: remote },
    },
  );
}

function described(endpoints: readonly ServiceEndpoint[]): string {
  return endpoints.map(one).join('; ');
}

function one(endpoint: ServiceEndpoint): string {
  if (endpoint.origin !== 'configured') return `${endpoint.service} goes to AWS itself`;
  return `${endpoint.service} goes to ${withoutUser(endpoint.url)} (${endpoint.from})`;
}

function withoutUser(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1');
}
