import { statSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** As functions are deployed (lib/infrastructure/functions/bundle.ts); a test holds both equal. */
export const ESBUILD_OPTIONS = {
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': path.resolve('lib/wiring/deployed/role-credentials.ts') },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** Commands of the SDK in it, by package: `@aws-sdk/client-sts` -> `GetCallerIdentityCommand`. */
  readonly commands: ReadonlyMap<string, readonly string[]>;
}

const COMMAND = /node_modules\/(@aws-sdk\/client-[\w-]+)\/dist-es\/commands\/(\w+Command)\.js$/;

/** Bundles a file, or a source text whose imports are resolved from the project. */
export async function bundle(
  source: { readonly entry: string } | { readonly text: string },
  file: string,
): Promise<Bundle> {
  const { metafile } = await build({
    ...('entry' in source
      ? { entryPoints: [source.entry] }
      : { stdin: { contents: source.text, resolveDir: process.cwd(), loader: 'js' } }),
    ...ESBUILD_OPTIONS,
    bundle: true,
    outfile: file,
    metafile: true,
    logLevel: 'error',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const commands = new Map<string, string[]>();
  for (const [input, { bytesInOutput }] of inputs) {
    const [, client, command] = COMMAND.exec(path.posix.normalize(input)) ?? [];
    if (client === undefined || command === undefined || bytesInOutput === 0) continue;
    commands.set(client, [...(commands.get(client) ?? []), command]);
  }
  return { file, bytes: statSync(file).size, commands };
}
