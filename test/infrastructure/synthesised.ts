import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { afterAll } from 'vitest';
import { type BuiltApp, buildApp } from '../../lib/infrastructure/index.ts';

/** What costs seconds and says nothing here: the test of the command line's synth has CDK's own rules on. */
const QUICK = { '@aws-cdk/core:validateAgainstDefaultRules': false, 'aws:cdk:disable-stack-trace': true };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The app of a configuration with a stand-in for the bundles, written to a folder of its own. */
export function built(configuration: object = {}): Promise<BuiltApp> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'janitor-synth-'));
  folders.push(outdir);
  return buildApp({
    app: {
      outdir,
      treeMetadata: false,
      analyticsReporting: false,
      context: { ...QUICK, credentialJanitor: configuration },
    },
    codeOf: () => Code.fromInline('exports.handler = async () => ({});'),
  });
}

export async function hubTemplate(configuration: object = {}): Promise<Template> {
  return Template.fromStack((await built(configuration)).hub);
}

/** A resource of a template, as far as tests look into it. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
}

/** Every resource of a type with its logical id. */
export function resourcesOf(template: Template, type: string): [id: string, resource: Resource][] {
  const found: Record<string, Resource> = {};
  for (const [id, resource] of Object.entries(template.findResources(type))) {
    found[id] = { Type: type, Properties: resource.Properties ?? {}, ...resource };
  }
  return Object.entries(found);
}

/** References of a template as text: `<LogicalId.Attribute>`, so that ARNs can be compared. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, inner] = ['', '']] = Object.entries(value);
  if (name === 'Ref') return `<${String(inner)}>`;
  if (name === 'Fn::GetAtt' && Array.isArray(inner)) return `<${inner.join('.')}>`;
  if (name === 'Fn::Join' && Array.isArray(inner) && Array.isArray(inner[1])) {
    return inner[1].map(plain).join(String(inner[0]));
  }
  return JSON.stringify(value);
}

/** The template of a stack in a folder that was synthesised before. */
export function templateIn(outdir: string, stack: string): Template {
  return Template.fromString(readFileSync(path.join(outdir, `${stack}.template.json`), 'utf8'));
}
