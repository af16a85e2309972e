import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { messageOf } from '../../domain/error.ts';
import { processLine } from '../aws-profile/process-line.ts';

/** What the configuration of a command inside is made of. */
export interface Inside {
  /** Starts a program of JavaScript. */
  readonly node: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The document of a credential_process; what it throws is told to whoever asked. */
  readonly credentials: () => Promise<string>;
}

/** An AWS configuration of one profile, whose credentials are asked of this process. */
export interface LentFolder {
  readonly configFile: string;
  readonly credentialsFile: string;
  readonly profile: string;
  close(): Promise<void>;
}

const PROFILE = 'break-glass';

/** Hands on what the socket says: the first character says whether it is credentials. */
const ASKING = `import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
let said = '';
connect(fileURLToPath(new URL('asked', import.meta.url)))
  .setEncoding('utf8')
  .on('data', (text) => { said += text; })
  .on('error', () => { said = '-the command that took the role has ended, and the credentials with it'; })
  .on('close', () => {
    const lent = said.startsWith('+');
    (lent ? process.stdout : process.stderr).write(said.slice(1) + '\\n');
    process.exitCode = lent ? 0 : 1;
  });
`;

/**
 * A folder of this user alone with a profile that renews itself for as long as this process lives. No credential is
 * written: they pass a socket in that folder, whoever can open it, and their own stay here.
 */
export async function openLentFolder(inside: Inside): Promise<LentFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'janitor-'));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    void answered(inside).then((answer) => socket.end(answer));
  });
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await chmod(folder, 0o700);
    await listening(server, path.join(folder, 'asked'));
    return { ...(await written(folder, inside)), profile: PROFILE, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function answered({ credentials }: Inside): Promise<string> {
  try {
    return `+${(await credentials()).trim()}`;
  } catch (error) {
    return `-${messageOf(error)}`;
  }
}

async function listening(server: Server, socket: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  await chmod(socket, 0o600);
}

async function written(folder: string, { node, settings }: Inside) {
  const asking = path.join(folder, 'credentials.mjs');
  const configFile = path.join(folder, 'config');
  const credentialsFile = path.join(folder, 'credentials');
  const lines = [
    `[profile ${PROFILE}]`,
    `credential_process = ${processLine([node, asking])}`,
    ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`),
  ];
  await writeFile(asking, ASKING, { mode: 0o600 });
  await writeFile(configFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  await writeFile(credentialsFile, '', { mode: 0o600 });
  return { configFile, credentialsFile };
}
