import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Grant } from '../permissions/index.ts';

/**
 * Acknowledges AwsSolutions-IAM5 for each wildcard of these grants: the exact finding, with the reason that stands
 * beside the grant. A wildcard without a reason stays a finding, and synth fails.
 */
export function acknowledgeWildcards(scope: Construct, grants: readonly Grant[]): void {
  for (const { resources, wildcard } of grants) {
    if (wildcard === undefined) continue;
    for (const resource of resources) {
      const text = flattened(Stack.of(scope).resolve(resource));
      if (!text.includes('*')) continue;
      Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${text}]`, reason: wildcard });
    }
  }
}

/** A resource as cdk-nag writes it in a finding: references as `<LogicalId.Attribute>`. */
function flattened(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [entry] = Object.entries(value);
  if (entry === undefined) return '';
  const [name, inner] = entry;
  if (name === 'Ref') return `<${String(inner)}>`;
  if (name === 'Fn::GetAtt' && Array.isArray(inner)) return `<${inner.join('.')}>`;
  if (name === 'Fn::Join' && Array.isArray(inner)) return joined(inner);
  return JSON.stringify(value);
}

function joined([separator, parts]: readonly unknown[]): string {
  return Array.isArray(parts) ? parts.map(flattened).join(String(separator)) : '';
}
