import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { type BreakGlassService, breakGlassHandler } from '../../lib/api/index.ts';
import { recordedLog, recordingService } from '../api/gateway.ts';
import { emptyFolder, janitor, stubAwsEnvironment } from '../builders/command-line.ts';
import type { RecordedTerminalOptions } from '../builders/terminal.ts';
import { brokerAnswers } from './broker-answers.ts';
import { type FakeGateway, fakeGateway, inFrontOf } from './deployed/api-gateway.ts';
import { serveLoopback } from './deployed/loopback.ts';

const REGION = 'eu-central-1';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'own-secret-of-the-test' };

type Told = { readonly [Name in keyof BreakGlassService]?: unknown };

/** A broker behind a gateway that checks signatures, for the tests of a file: it answers what it is told. */
export interface ServedBroker {
  /** The environment of somebody who may ask it, in a home of their own. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  readonly home: string;
  readonly calls: { readonly operation: string; readonly parameters: readonly unknown[] }[];
  readonly gateway: FakeGateway;
  /** What operations answer, for this test; an Error is thrown, a function is called. */
  answer(told: Told): void;
  /** Runs a command line in this process, against it. */
  janitor(argv: readonly string[], options?: RecordedTerminalOptions): ReturnType<typeof janitor>;
}

export function servedBroker(): ServedBroker {
  const gateway = fakeGateway();
  let told: Told = {};
  let url = '';
  let home = '';
  let close = async () => {};
  const { service, calls } = recordingService((operation) => {
    const name = operation as keyof BreakGlassService;
    const answer = name in told ? told[name] : brokerAnswers[name];
    const given = typeof answer === 'function' ? (answer as () => unknown)() : answer;
    if (given instanceof Error) throw given;
    return given;
  });
  beforeAll(async () => {
    const broker = service as unknown as BreakGlassService;
    const handler = breakGlassHandler({ service: async () => broker, log: recordedLog().log });
    const server = await serveLoopback(inFrontOf(gateway, handler, REGION));
    url = `${server.url}${gateway.stage}`;
    close = server.close;
    gateway.signers.set(KEY.accessKeyId, {
      arn: 'arn:aws:iam::111122223333:user/people/ana',
      userId: 'AIDAEXAMPLEUSERANA01',
      ...KEY,
    });
  });
  afterAll(async () => {
    await close();
    vi.unstubAllEnvs();
  });
  const env = () => ({
    HOME: home,
    AWS_CONFIG_FILE: path.join(home, '.aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(home, '.aws', 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    AWS_REGION: REGION,
  });
  beforeEach(() => {
    told = {};
    calls.length = 0;
    gateway.instead = undefined;
    home = path.join(emptyFolder(), 'a home');
    mkdirSync(home);
    stubAwsEnvironment(env());
  });
  return {
    get env() {
      return env();
    },
    get url() {
      return url;
    },
    get home() {
      return home;
    },
    calls,
    gateway,
    answer: (answers) => {
      told = answers;
    },
    janitor: (argv, options = {}) => {
      const given = options.env ?? {};
      return janitor(argv, { ...options, env: { ...env(), JANITOR_API: url, ...given } });
    },
  };
}
