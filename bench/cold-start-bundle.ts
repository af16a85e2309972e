import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

/** As functions are deployed (lib/infrastructure/functions/bundle.ts); a test holds both equal. */
export const ESBUILD_OPTIONS = {
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
  alias: { '@aws-sdk/credential-provider-node': path.resolve('lib/wiring/deployed/role-credentials.ts') },
  logLevel: 'error',
} as const satisfies BuildOptions;

/** By package: `@aws-sdk/client-sts` -> `GetCallerIdentityCommand`. */
export type Commands = ReadonlyMap<string, readonly string[]>;

export interface Bundle {
  /** Its first file. */
  readonly file: string;
  /** Of all its files. */
  readonly bytes: number;
  /** Commands of the SDK in all its files. */
  readonly commands: Commands;
  /** Those in what a start loads: what some call imports later is not among them. */
  readonly loaded: Commands;
}

const COMMAND = /node_modules\/(@aws-sdk\/client-[\w-]+)\/dist-es\/commands\/(\w+Command)\.js$/;

/** Bundles a file, or a source text whose imports are resolved from the project, into a folder. */
export async function bundle(
  source: { readonly entry: string } | { readonly text: string },
  folder: string,
): Promise<Bundle> {
  const { metafile } = await build({
    ...('entry' in source
      ? { entryPoints: { index: source.entry } }
      : {
          stdin: { contents: source.text, resolveDir: process.cwd(), loader: 'js', sourcefile: 'index.js' },
        }),
    ...ESBUILD_OPTIONS,
    outdir: folder,
    metafile: true,
  });
  const entry = 'entry' in source ? 'index.mjs' : 'stdin.mjs';
  const { outputs } = metafile;
  const all = reached(outputs, entry, () => true);
  const loaded = commandsIn(reached(outputs, entry, (kind) => kind === 'import-statement'));
  return { file: path.join(folder, entry), bytes: bytesOf(all), commands: commandsIn(all), loaded };
}

type Outputs = readonly Metafile['outputs'][string][];

/** The entry and whatever it loads by imports of these kinds; what it never loads is no part of what is deployed. */
function reached(outputs: Metafile['outputs'], entry: string, follows: (kind: string) => boolean): Outputs {
  const files = Object.keys(outputs).filter((file) => path.basename(file) === entry);
  for (const file of files) {
    const imports = (outputs[file]?.imports ?? []).filter(({ kind }) => follows(kind));
    const next = new Set(imports.map((each) => each.path));
    files.push(...[...next].filter((each) => each in outputs && !files.includes(each)));
  }
  return files.flatMap((file) => outputs[file] ?? []);
}

function bytesOf(outputs: Outputs): number {
  return outputs.reduce((sum, { bytes }) => sum + bytes, 0);
}

function commandsIn(outputs: Outputs): Map<string, string[]> {
  const commands = new Map<string, string[]>();
  for (const [input, { bytesInOutput }] of outputs.flatMap(({ inputs }) => Object.entries(inputs))) {
    const [, client, command] = COMMAND.exec(path.posix.normalize(input)) ?? [];
    if (client === undefined || command === undefined || bytesInOutput === 0) continue;
    commands.set(client, [...(commands.get(client) ?? []), command]);
  }
  return commands;
}
