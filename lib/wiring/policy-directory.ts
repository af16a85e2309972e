import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadPolicy } from '../policy/index.ts';
import { packageRoot } from './package-root.ts';

/** Which policy is in force for a command, and how it was chosen. */
export interface PolicyDirectory {
  readonly dir: string;
  readonly chosenBy: 'flag' | 'current-directory' | 'shipped';
}

/** `--policy`, else `./policy` when it holds a janitor.yaml, else the observe-only one shipped with the package. */
export function policyDirectory(flag: string | undefined, cwd: string): PolicyDirectory {
  if (flag !== undefined) return { dir: path.resolve(cwd, flag), chosenBy: 'flag' };
  const here = path.join(cwd, 'policy');
  if (existsSync(path.join(here, 'janitor.yaml'))) return { dir: here, chosenBy: 'current-directory' };
  return { dir: path.join(packageRoot(), 'policy'), chosenBy: 'shipped' };
}

/** The hash of the policy in a folder. Throws `policy-invalid`. */
export async function policyHashIn(folder: string, cwd: string): Promise<string> {
  return (await loadPolicy(path.resolve(cwd, folder))).hash;
}

/** The policy of the company in the demo. */
export function demoPolicyDirectory(): string {
  return path.join(packageRoot(), 'lib', 'cli', 'demo', 'policy');
}
