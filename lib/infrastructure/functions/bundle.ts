import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { JanitorError } from '../../domain/error.ts';
import { PACKED_POLICY } from '../../policy/index.ts';
import type { FunctionName } from '../names.ts';

export const PROJECT_ROOT = path.dirname(
  path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))),
);

/** The handler's file. Throws `handler-missing`. */
export function entryOf(name: FunctionName): string {
  const entry = path.join(PROJECT_ROOT, 'functions', name, 'handler.ts');
  if (existsSync(entry)) return entry;
  throw new JanitorError(`The function ${name} has no handler: functions/${name}/handler.ts is missing`, {
    code: 'handler-missing',
    source: 'system',
    hint: 'Restore the file, or remove the function from lib/infrastructure/names.ts.',
  });
}

/** CommonJS packages in the bundle ask for Node's own modules with `require`, which ES modules lack. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);";

/** Lambda hands functions their credentials in the environment: no other way to get some is bundled. */
export const SDK_ALIASES: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': path.join(PROJECT_ROOT, 'lib/wiring/deployed/role-credentials.ts'),
};

/**
 * One minified ES module with the SDK inside: its version is the tested one, not the runtime's. Functions that judge
 * carry the packed policy as well.
 */
export function bundling(packedPolicy: string | undefined): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    minify: true,
    sourceMap: false,
    logLevel: LogLevel.ERROR,
    mainFields: ['module', 'main'],
    externalModules: [],
    banner: REQUIRE,
    esbuildArgs: Object.fromEntries(
      Object.entries(SDK_ALIASES).map(([name, file]) => [`--alias:${name}`, file]),
    ),
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_input, output) => (packedPolicy === undefined ? [] : copyPolicy(packedPolicy, output)),
    },
  };
}

function copyPolicy(packedPolicy: string, output: string): string[] {
  const folder = path.join(output, 'policy');
  return [
    `mkdir -p ${quoted(folder)}`,
    `cp ${quoted(packedPolicy)} ${quoted(path.join(folder, PACKED_POLICY))}`,
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
