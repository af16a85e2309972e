import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type App, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CATALOGUE } from '../../lib/infrastructure/functions/catalogue.ts';
import { NIST_REPORT } from '../../lib/infrastructure/nag/nist-report.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/infrastructure/names.ts';
import { grantedRole } from '../../lib/infrastructure/roles.ts';
import { LENDING } from './lending-policy.ts';
import { built, resourcesOf, templateIn } from './synthesised.ts';

const root = path.join(import.meta.dirname, '..', '..');

describe('cdk-nag gates synth', () => {
  it('AwsSolutions: a bucket that is open to plain HTTP makes synth fail, and the report names rule and resource', async () => {
    const { app, hub } = await built();
    new Bucket(hub, 'Careless');
    expect(() => app.synth()).toThrow();
    const report = readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8');
    expect(report).toContain('AwsSolutions-S10');
    expect(report).toContain('CredentialJanitor/Careless/Resource');
  });

  it('a wildcard without a reason makes synth fail', async () => {
    const { app, hub } = await built();
    grantedRole(hub, 'Careless', {
      roleName: 'careless',
      service: 'lambda.amazonaws.com',
      description: 'A role that may read every object',
      grants: [{ sid: 'All', actions: ['s3:GetObject'], resources: ['*'] }],
    });
    expect(() => app.synth()).toThrow();
    const report = readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8');
    expect(report).toContain('AwsSolutions-IAM5[Resource::*]');
  });

  it('the templates for other accounts are gated as well', async () => {
    const { templates } = await built();
    const [stack] = templates.node.children.filter(({ node }) => node.id === 'credential-janitor-member');
    if (stack === undefined) throw new Error('there is no member template');
    new Bucket(stack, 'Careless');
    expect(() => templates.synth()).toThrow('AwsSolutions-S10');
  });
});

const acknowledged = z.record(z.string(), z.string().min(30));

describe('acknowledgements', () => {
  it('each names one exact finding that is really there, and says why', async () => {
    const { app, templates } = await built({
      mail: { from: 'janitor@example.com' },
      memberSteps: ['tag', 'rotate', 'quarantine', 'delete'],
      policyFolder: LENDING,
    });
    for (const each of [app, templates]) {
      const answers = answersIn(each);
      const findings = findingsIn(each);
      expect(answers.length).toBeGreaterThan(3);
      expect(
        answers.filter(
          (answer) =>
            !findings.some(({ rule, at }) => rule === answer.rule && at.startsWith(`${answer.at}/`)),
        ),
      ).toEqual([]);
    }
  });
});

interface Finding {
  readonly rule: string;
  /** Path of the construct. */
  readonly at: string;
}

/** What the pack finds, acknowledged or not. */
function findingsIn(app: App): Finding[] {
  const pack = Object.defineProperty(new AwsSolutionsChecks(), 'isAcknowledged', { value: () => false });
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName: rule, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule, at: `${constructPath}` })),
    );
}

function answersIn(app: App): Finding[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(acknowledged.parse(data)))
      .map((id) => ({ rule: id.replace(/^annotation::/i, ''), at: node.path })),
  );
}

describe('NIST 800-53', () => {
  it('findings are written at synth with our answer to each, and gate nothing', async () => {
    const { app } = await built({ policyFolder: LENDING });
    app.synth();
    const report = readFileSync(path.join(app.outdir, NIST_REPORT), 'utf8');
    expect(report).toContain('## NIST.800.53.R5-LambdaInsideVPC');
    expect(report).toContain('`CredentialJanitor/Functions/answer-requests/Function/Resource`');
    expect(report).not.toContain('**Answer:** none yet.');
  });
});

/** Bytes of a bundle: sweeps read and judge whole accounts. */
const BUDGETS: Readonly<Partial<Record<FunctionName, number>>> = {
  'decide-account': 1_600_000,
  'act-on-account': 1_600_000,
};

describe('npx cdk synth, as from a fresh clone without credentials', () => {
  const out = mkdtempSync(path.join(tmpdir(), 'janitor-cdk-out-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  beforeAll(async () => {
    const { PATH = '', TMPDIR = tmpdir() } = process.env;
    const env = {
      PATH,
      TMPDIR,
      HOME: out,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    };
    const cdk = path.join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    // With the functions that a hub has only where something is rotated, or roles are lent.
    const context = `credentialJanitor=${JSON.stringify({ memberSteps: ['rotate'], policyFolder: LENDING })}`;
    const synth = [cdk, 'synth', '--quiet', '--output', out, '--context', context];
    await promisify(execFile)(process.execPath, synth, { cwd: root, env });
  }, 180_000);

  it('fits any account and Region, and writes the templates for other accounts and the NIST report beside it', () => {
    for (const file of [
      'CredentialJanitor.template.json',
      'templates/credential-janitor-member.template.json',
      'templates/credential-janitor-management.template.json',
      NIST_REPORT,
    ]) {
      expect([file, existsSync(path.join(out, file))]).toEqual([file, true]);
    }
  });

  it('leaves no finding', () => {
    expect(readFileSync(path.join(out, 'validation-report.json'), 'utf8')).not.toContain('AwsSolutions');
  });

  it.each(FUNCTION_NAMES)(
    'the bundle of %s is within its budget and holds neither CDK nor command line',
    (name) => {
      const files = readdirSync(bundleOf(name)).filter((file) => file.endsWith('.mjs'));
      const bundle = Buffer.concat(files.map((file) => readFileSync(path.join(bundleOf(name), file))));
      const budget = BUDGETS[name] ?? 1_000_000;
      expect(files).toContain('index.mjs');
      expect(bundle.byteLength).toBeGreaterThan(100_000);
      expect(bundle.byteLength).toBeLessThan(budget);
      for (const foreign of ['aws-cdk-lib', 'commander', 'cli-table3', '@clack/prompts', 'dynalite']) {
        expect([foreign, bundle.includes(foreign)]).toEqual([foreign, false]);
      }
    },
  );

  it.each(FUNCTION_NAMES)(
    '%s brings the small schemas, and the words for what is wrong with a value',
    (name) => {
      const files = readdirSync(bundleOf(name)).filter((file) => file.endsWith('.mjs'));
      const bundle = files.map((file) => readFileSync(path.join(bundleOf(name), file), 'utf8')).join('\n');
      expect(bundle).toMatch(/["'`]ZodMiniObject["'`]/);
      expect(bundle).not.toMatch(/["'`]ZodObject["'`]/);
      expect(bundle).toContain('Unrecognized key');
    },
  );

  it('the API has its description beside its code', () => {
    const published = readFileSync(path.join(root, 'docs', 'openapi.json'), 'utf8');
    expect(readFileSync(path.join(bundleOf('answer-requests'), 'openapi.json'), 'utf8')).toBe(published);
  });

  it.each(FUNCTION_NAMES)('%s has the policy beside its code exactly if it judges', (name) => {
    const folder = path.join(bundleOf(name), 'policy');
    const files = existsSync(folder) ? readdirSync(folder).sort() : [];
    expect(files).toEqual(CATALOGUE[name].judges ? ['policy.json'] : []);
  });

  /** The folder of a function's code: its asset's hash is its key in the bucket of assets. */
  function bundleOf(name: FunctionName): string {
    const functions = resourcesOf(templateIn(out, 'CredentialJanitor'), 'AWS::Lambda::Function');
    const found = functions.find(
      ([, { Properties }]) => Properties.FunctionName === `credential-janitor-${name}`,
    );
    const hash = /"S3Key":"(\w+)\.zip"/.exec(JSON.stringify(found))?.[1];
    const folder = path.join(out, `asset.${hash}`);
    expect(statSync(folder).isDirectory()).toBe(true);
    return folder;
  }
});
