import { cpSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
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
 * Minified ES modules with the SDK inside: its version is the tested one, not the runtime's. What the code imports only
 * when it is needed is a file of its own, so that a cold start does not read it.
 */
export const BUNDLING = {
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  banner: { js: REQUIRE },
  alias: SDK_ALIASES,
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Files that code asks for which was left out of the bundle: a dynamic import is a file before anybody knows. */
export function neverRead(outputs: Metafile['outputs']): readonly string[] {
  const all = Object.keys(outputs);
  const read = new Set<string>();
  const next = all.filter((file) => path.basename(file) === 'index.mjs');
  for (const file of next) {
    if (read.has(file)) continue;
    read.add(file);
    next.push(...(outputs[file]?.imports ?? []).map((each) => each.path).filter((each) => each in outputs));
  }
  return all.filter((file) => !read.has(file));
}

/** Data that a function reads and that is no code, beside its bundle. */
const BESIDE: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  'answer-requests': ['docs/openapi.json'],
};

/** The code of a function, bundled when the app is synthesised. Functions that judge carry the packed policy as well. */
export function bundledCode(name: FunctionName, packedPolicy: string | undefined): Code {
  const entry = entryOf(name);
  return Code.fromAsset(path.dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: what is bundled here needs no container.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outdir) {
          const options = { ...BUNDLING, entryPoints: { index: entry }, outdir, absWorkingDir: PROJECT_ROOT };
          const { outputs } = buildSync({ ...options, metafile: true }).metafile;
          for (const file of neverRead(outputs)) rmSync(path.resolve(PROJECT_ROOT, file));
          for (const file of BESIDE[name] ?? []) {
            cpSync(path.join(PROJECT_ROOT, file), path.join(outdir, path.basename(file)));
          }
          if (packedPolicy !== undefined) cpSync(packedPolicy, path.join(outdir, 'policy', PACKED_POLICY));
          return true;
        },
      },
    },
  });
}
