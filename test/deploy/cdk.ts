import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
/** Lines of a failed command that its error shows. */
const LINES_SHOWN = 80;

export interface CdkTarget {
  /** Environment of the command: credentials, endpoint, trust. */
  readonly environment: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
  /** Folder for the cloud assembly, so that nobody's own `cdk.out` is touched. */
  readonly assembly: string;
}

/** The CDK command line as an operator types it; rejects with the end of its output when it fails. */
export class Cdk {
  readonly #target: CdkTarget;

  constructor(target: CdkTarget) {
    this.#target = target;
  }

  bootstrap(): Promise<string> {
    const { account, region } = this.#target;
    // An empty app: bootstrapping needs none.
    return this.#run(['bootstrap', `aws://${account}/${region}`, '--app', '']);
  }

  /** Synthesises the app of bin/app.ts with this configuration and deploys its stack. */
  deploy(configuration: Readonly<Record<string, unknown>>): Promise<string> {
    const { assembly } = this.#target;
    return this.#run([
      'deploy',
      '--all',
      '--require-approval',
      'never',
      '--output',
      assembly,
      ...context(configuration),
    ]);
  }

  /** Destroys what was deployed last. */
  destroy(): Promise<string> {
    return this.#run(['destroy', '--all', '--force', '--app', this.#target.assembly]);
  }

  #run(args: readonly string[]): Promise<string> {
    const { environment, account, region } = this.#target;
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CDK, ...args, '--no-notices'], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...environment,
          CDK_DEFAULT_ACCOUNT: account,
          CDK_DEFAULT_REGION: region,
          CDK_DISABLE_CLI_TELEMETRY: '1',
          CI: 'true',
        },
      });
      let output = '';
      const keep = (text: unknown) => {
        output += String(text);
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      child.on('error', reject);
      child.on('close', (exit) => {
        if (exit === 0) return resolve(output);
        const end = output.split('\n').slice(-LINES_SHOWN).join('\n');
        return reject(new Error(`cdk ${args.slice(0, 2).join(' ')} ended with ${exit}:\n${end}`));
      });
    });
  }
}

function context(configuration: Readonly<Record<string, unknown>>): string[] {
  return ['--context', `credentialJanitor=${JSON.stringify(configuration)}`];
}
