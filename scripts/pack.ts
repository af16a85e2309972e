/**
 * Bundles the command line for `npm pack`: Node strips no types inside node_modules, so an installed package runs
 * dist/janitor.js. Everything is inside but dynalite, whose storage is a native module. Run by `prepack`; another
 * folder than dist can be named as the first argument.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outdir = path.resolve(process.argv[2] ?? path.join(root, 'dist'));

/** CommonJS packages in the bundle ask for Node's own modules with `require`, which ES modules lack. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { janitor: path.join(root, 'bin', 'janitor.ts') },
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  external: ['dynalite', 'dynalite/*'],
  banner: { js: REQUIRE },
  metafile: true,
  logLevel: 'warning',
});
const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`${outdir}: ${Object.keys(metafile.outputs).length} files, ${(bytes / 1e6).toFixed(2)} MB`);
