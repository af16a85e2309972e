/** One cheap call of each client, and the service that the signature of its requests names. */
const CALLS: Readonly<
  Record<string, { readonly service: string; readonly command: string; readonly input: object }>
> = {
  '@aws-sdk/client-sts': { service: 'sts', command: 'GetCallerIdentityCommand', input: {} },
  '@aws-sdk/client-dynamodb': {
    service: 'dynamodb',
    command: 'GetItemCommand',
    input: { TableName: 'janitor-ledger', Key: { subject: { S: 'nothing' }, seq: { S: '1' } } },
  },
  '@aws-sdk/client-s3': {
    service: 's3',
    command: 'ListObjectsV2Command',
    input: { Bucket: 'janitor-work', Prefix: 'nothing/' },
  },
  '@aws-sdk/client-organizations': { service: 'organizations', command: 'ListAccountsCommand', input: {} },
  '@aws-sdk/client-sns': {
    service: 'sns',
    command: 'PublishCommand',
    input: { TopicArn: 'arn:aws:sns:eu-central-1:111122223333:operators', Subject: 'bare', Message: 'bare' },
  },
};

/**
 * A handler with nothing but these clients and commands: makes each client once, and calls as often as the function it
 * stands beside did. A client that the function did not call is made and not called.
 */
export function bareHandler(
  commands: ReadonlyMap<string, readonly string[]>,
  calls: Readonly<Record<string, number>>,
): string {
  const clients = [...commands].sort(([a], [b]) => (a < b ? -1 : 1));
  const imports = clients.map(([client, names], i) => {
    const wanted = new Set([...names, ...(CALLS[client] === undefined ? [] : [CALLS[client].command])]);
    const list = [...wanted].sort().map((name) => `${name} as ${name}${i}`);
    return `import { ${clientName(client)}, ${list.join(', ')} } from '${client}';`;
  });
  const kept = clients.flatMap(([, names], i) => names.map((name) => `${name}${i}`));
  const sends = clients.map(([client], i) => {
    const call = CALLS[client];
    const times = call === undefined ? 0 : (calls[call.service] ?? 0);
    const made = `const client${i} = new ${clientName(client)}({ region: process.env.HOME_REGION });`;
    if (call === undefined || times === 0) return made;
    return `${made}\n  for (let n = 0; n < ${times}; n += 1) await client${i}.send(new ${call.command}${i}(${JSON.stringify(call.input)}));`;
  });
  return `${imports.join('\n')}
export const kept = [${kept.join(', ')}];
export async function handler() {
  ${sends.join('\n  ')}
}
`;
}

/** Services that a bare handler can call. */
export const CALLABLE: readonly string[] = Object.values(CALLS).map(({ service }) => service);

const NAMES: Readonly<Record<string, string>> = {
  account: 'AccountClient',
  dynamodb: 'DynamoDBClient',
  eventbridge: 'EventBridgeClient',
  iam: 'IAMClient',
  organizations: 'OrganizationsClient',
  s3: 'S3Client',
  'secrets-manager': 'SecretsManagerClient',
  sesv2: 'SESv2Client',
  sns: 'SNSClient',
  sts: 'STSClient',
};

function clientName(client: string): string {
  const name = NAMES[client.replace('@aws-sdk/client-', '')];
  if (name === undefined) throw new Error(`the class of ${client} is not known here`);
  return name;
}
