import { placeOf } from '../test/functions/fakes/s3.ts';
import type { SentCall } from '../test/functions/loopback-cloud.ts';
import type { Commands } from './cold-start-bundle.ts';

/** A command of a client and what it is sent with; `input` is the source text of an expression. */
interface Replay {
  readonly client: string;
  readonly command: string;
  readonly input: string;
  /** It was refused then, as it will be now. */
  readonly fails: boolean;
  /** Its answer is a stream, which is read to its end. */
  readonly streams: boolean;
}

/** What a function asked of a service, as a command that asks the same and can be sent any number of times. */
const REPLAYS: Readonly<Record<string, (call: SentCall) => Pick<Replay, 'command' | 'input'>>> = {
  dynamodb: ({ operation, request }) => ({
    command: `${operation}Command`,
    input: anew(request.body.toString('utf8')),
  }),
  organizations: ({ operation, request }) => ({
    command: `${operation}Command`,
    input: request.body.toString('utf8'),
  }),
  s3: (call) => ({ command: `${call.operation}Command`, input: s3Input(call) }),
  sns: ({ request }) => {
    const { Action, Version, ...input } = Object.fromEntries(
      new URLSearchParams(request.body.toString('utf8')),
    );
    return { command: `${Action}Command`, input: JSON.stringify(input) };
  },
  sts: ({ request }) => {
    const { Action, Version, ...input } = Object.fromEntries(
      new URLSearchParams(request.body.toString('utf8')),
    );
    return { command: `${Action}Command`, input: JSON.stringify(input) };
  },
};

/** An item that is put under a condition has another key each time; so have objects. */
function anew(body: string): string {
  return body.replace(/"subject":\{"S":"[^"]*"\}/, '"subject":{"S":"bare#" + crypto.randomUUID()}');
}

function s3Input({ operation, request, status }: SentCall): string {
  const { bucket: Bucket, key } = placeOf(request.path);
  const Key = status === 404 ? `${key}-absent` : key;
  if (operation === 'ListObjectsV2') return JSON.stringify({ Bucket, Prefix: request.query.prefix });
  if (operation !== 'PutObject') return JSON.stringify({ Bucket, Key });
  const ChecksumSHA256 = request.headers['x-amz-checksum-sha256'];
  const fixed = JSON.stringify({
    Bucket,
    ContentLength: request.body.length,
    ChecksumSHA256,
    IfNoneMatch: '*',
  });
  const body = JSON.stringify(request.body.toString('base64'));
  return `{ ...${fixed}, Key: 'bare/' + crypto.randomUUID(), Body: Buffer.from(${body}, 'base64') }`;
}

/**
 * A handler with nothing but these clients and commands, and those that are called: makes each client once, and sends one
 * after the other what the function it stands beside sent. A client that the function did not call is made and not called. Throws for a service whose calls it cannot repeat.
 */
export function bareHandler(commands: Commands, calls: readonly SentCall[]): string {
  const replays = calls.map(replayOf);
  const used = new Map([...commands].map(([client, names]) => [client, new Set(names)]));
  for (const { client, command } of replays) {
    used.set(client, new Set([...(used.get(client) ?? []), command]));
  }
  const clients = [...used]
    .map(([client, names]) => [client, [...names]] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const imports = clients.map(
    ([client, names], i) =>
      `import { ${[clientName(client), ...names].map((name) => `${name} as ${name}${i}`).join(', ')} } from '${client}';`,
  );
  const kept = clients.flatMap(([, names], i) => names.map((name) => `${name}${i}`));
  const made = clients.map(
    ([client], i) => `const client${i} = new ${clientName(client)}${i}({ region: process.env.HOME_REGION });`,
  );
  const sends = replays.map(({ client, command, input, fails, streams }) => {
    const i = clients.findIndex(([name]) => name === client);
    const sent = `await client${i}.send(new ${command}${i}(${input}))`;
    if (fails) return `${sent}.catch(() => undefined);`;
    return streams ? `for await (const chunk of (${sent}).Body);` : `${sent};`;
  });
  return `${imports.join('\n')}
export const kept = [${kept.join(', ')}];
export async function handler() {
  ${[...made, ...sends].join('\n  ')}
}
`;
}

function replayOf(call: SentCall): Replay {
  const replay = REPLAYS[call.service];
  if (replay === undefined) throw new Error(`a bare handler knows no call of ${call.service}`);
  const fails = call.status === undefined || call.status >= 300;
  const streams = call.service === 's3' && call.operation === 'GetObject';
  return { client: `@aws-sdk/client-${call.service}`, fails, streams, ...replay(call) };
}

const NAMES: Readonly<Record<string, string>> = {
  account: 'AccountClient',
  cloudtrail: 'CloudTrailClient',
  dynamodb: 'DynamoDBClient',
  eventbridge: 'EventBridgeClient',
  iam: 'IAMClient',
  organizations: 'OrganizationsClient',
  s3: 'S3Client',
  scheduler: 'SchedulerClient',
  'secrets-manager': 'SecretsManagerClient',
  sesv2: 'SESv2Client',
  sns: 'SNSClient',
  ssm: 'SSMClient',
  sts: 'STSClient',
};

function clientName(client: string): string {
  const name = NAMES[client.replace('@aws-sdk/client-', '')];
  if (name === undefined) throw new Error(`the class of ${client} is not known here`);
  return name;
}
