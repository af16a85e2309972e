import path from 'node:path';
import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { DeployedBreakGlass } from '../break-glass/deployed.ts';
import { type Configuration, ownSecretsOf } from '../configuration/schema.ts';
import { MEMBER_PURPOSES, type MemberPurpose } from '../names.ts';
import type { RotationReach } from '../rotation/reach.ts';
import { MemberTemplate } from './member-template.ts';

/** Names of the two templates: `cdk.out/templates/<name>.template.json`. */
export const TEMPLATES = {
  member: 'credential-janitor-member',
  management: 'credential-janitor-management',
} as const;

interface Needed {
  readonly needed: readonly MemberPurpose[];
  readonly reach: RotationReach;
  readonly breakGlass: DeployedBreakGlass | undefined;
}

/**
 * The templates for other accounts, in an assembly of their own so that `cdk deploy` knows the hub alone: one for a
 * service-managed StackSet over the members, one for the management account, which StackSets leave out and where
 * nothing is ever changed. cdk-nag gates them as well.
 */
export function memberTemplates(
  hubOutdir: string,
  configuration: Configuration,
  { needed, reach, breakGlass }: Needed,
  options: AppProps = {},
): App {
  const { prefix, stackName, organizationId, hubAccount, homeRegion } = configuration;
  const app = new App({ ...options, outdir: path.join(hubOutdir, 'templates') });
  const defaults = { prefix, organizationId, hubAccount, homeRegion };
  new MemberTemplate(app, TEMPLATES.member, {
    ...defaults,
    description: 'Credential Janitor: roles and forwarding in a member account',
    purposes: MEMBER_PURPOSES.filter((each) => each !== 'break-glass' || breakGlass !== undefined),
    madeByDefault: needed,
    reach,
    ...(breakGlass === undefined
      ? {}
      : {
          breakGlass: {
            deployed: breakGlass,
            stackName,
            ownSecrets: ownSecretsOf(configuration),
          },
        }),
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
