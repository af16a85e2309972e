import path from 'node:path';
import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Configuration } from '../configuration/schema.ts';
import { MEMBER_PURPOSES, type MemberPurpose } from '../names.ts';
import type { RotationReach } from '../rotation/reach.ts';
import { MemberTemplate } from './member-template.ts';

/** Names of the two templates: `cdk.out/templates/<name>.template.json`. */
export const TEMPLATES = {
  member: 'credential-janitor-member',
  management: 'credential-janitor-management',
} as const;

/**
 * The templates for other accounts, in an assembly of their own so that `cdk deploy` knows the hub alone: one for a
 * service-managed StackSet over the members, one for the management account, which StackSets leave out and where
 * nothing is ever changed. cdk-nag gates them as well.
 */
export function memberTemplates(
  hubOutdir: string,
  { prefix, organizationId, hubAccount, homeRegion }: Configuration,
  { needed, reach }: { readonly needed: readonly MemberPurpose[]; readonly reach: RotationReach },
  options: AppProps = {},
): App {
  const app = new App({ ...options, outdir: path.join(hubOutdir, 'templates') });
  const defaults = { prefix, organizationId, hubAccount, homeRegion };
  new MemberTemplate(app, TEMPLATES.member, {
    ...defaults,
    description: 'Credential Janitor: roles and forwarding in a member account',
    purposes: MEMBER_PURPOSES,
    madeByDefault: needed,
    reach,
  });
  new MemberTemplate(app, TEMPLATES.management, {
    ...defaults,
    description: 'Credential Janitor: reading and forwarding in the management account',
    purposes: ['read'],
    madeByDefault: [],
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
