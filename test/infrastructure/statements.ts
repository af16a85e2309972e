import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { plain, resourcesOf } from './synthesised.ts';

const oneOrMany = z
  .union([z.unknown().array(), z.unknown()])
  .transform((value) => (Array.isArray(value) ? value : [value]));

const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  // Absent where a statement names what it is not about.
  Action: oneOrMany.transform((actions) => actions.map(String)).default([]),
  Resource: oneOrMany.transform((resources) => resources.map(plain)).optional(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
export type Statement = z.infer<typeof statementSchema>;

const document = z.object({ Statement: z.array(statementSchema) });
const roleSchema = z.object({
  RoleName: z.unknown().transform(plain),
  AssumeRolePolicyDocument: document,
  Policies: z.array(z.object({ PolicyDocument: document })).default([]),
  ManagedPolicyArns: z.array(z.unknown()).optional(),
  PermissionsBoundary: z.unknown().optional(),
});

export interface SynthesisedRole {
  readonly name: string;
  readonly statements: readonly Statement[];
  readonly trust: readonly Statement[];
  readonly managed: readonly unknown[];
  readonly boundary: unknown;
}

/** Every role of a template, by its name. CDK's own provider of custom resources is left out: it exists in a sandbox only. */
export function rolesOf(template: Template): ReadonlyMap<string, SynthesisedRole> {
  const roles = resourcesOf(template, 'AWS::IAM::Role').map(([, { Properties }]) => {
    const parsed = roleSchema.parse(Properties);
    return {
      name: parsed.RoleName,
      statements: parsed.Policies.flatMap((policy) => policy.PolicyDocument.Statement),
      trust: parsed.AssumeRolePolicyDocument.Statement,
      managed: parsed.ManagedPolicyArns ?? [],
      boundary: parsed.PermissionsBoundary,
    };
  });
  return new Map(roles.map((role) => [role.name, role]));
}

/** The statements of a policy document anywhere in a template. */
export function statementsOf(policyDocument: unknown): readonly Statement[] {
  return document.parse(policyDocument).Statement;
}

/** The role of a name; the test fails when there is none. */
export function roleOf(template: Template, name: string): SynthesisedRole {
  const found = rolesOf(template).get(name);
  if (found === undefined)
    throw new Error(`the template has no role ${name}: ${[...rolesOf(template).keys()]}`);
  return found;
}
