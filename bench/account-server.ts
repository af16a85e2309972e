import { EmbeddedAws, startEmbeddedServer } from '../lib/embedded-aws/index.ts';
import { NOW, populate } from './population.ts';

/** `node bench/account-server.ts USERS SECRETS FLAGGED LATENCY_MS`: an account in a process of its own. */
const [users, secrets, flagged, latencyMs] = process.argv.slice(2).map(Number);
const aws = new EmbeddedAws({ now: NOW, latencyMs: latencyMs ?? 0 });
populate(aws, { users: users ?? 0, secrets: secrets ?? 0, flagged: flagged ?? 0 });
const server = await startEmbeddedServer(aws, { port: 0 });
console.log(server.url);
process.on('SIGTERM', () => {
  void server.close().then(() => process.exit(0));
});
