import { App, type AppProps, Validations } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { breakGlassOf } from './break-glass/deployed.ts';
import { readConfiguration } from './configuration/read.ts';
import { CONTEXT_KEY, type Configuration } from './configuration/schema.ts';
import { PROJECT_ROOT } from './functions/bundle.ts';
import { HubStack } from './hub-stack.ts';
import { memberTemplates } from './member/templates.ts';
import { NistReport } from './nag/nist-report.ts';
import type { FunctionName, MemberPurpose } from './names.ts';
import { deployedPolicy, outsideAccountsOf, purposesOf, reachOf, writePackedPolicy } from './policy.ts';

export interface BuildOptions {
  readonly app?: AppProps;
  /** Where to deploy when the configuration does not say; without either, the template fits any account and Region. */
  readonly target?: { readonly account?: string | undefined; readonly region?: string | undefined };
  /** Code of a function; default: its bundled handler. */
  readonly codeOf?: (name: FunctionName) => Code;
}

export interface BuiltApp {
  readonly app: App;
  readonly hub: HubStack;
  /** The templates for other accounts, an assembly beside the hub's. */
  readonly templates: App;
}

/** The whole app of a configuration. Throws `configuration-invalid` and `policy-invalid`. */
export async function buildApp(options: BuildOptions = {}): Promise<BuiltApp> {
  const app = new App({ ...options.app, context: { ...FEATURE_FLAGS, ...options.app?.context } });
  const configuration = readConfiguration(app.node.tryGetContext(CONTEXT_KEY));
  const policy = await deployedPolicy(configuration.policyFolder, PROJECT_ROOT);
  const breakGlass = breakGlassOf(policy);
  const purposes = neededPurposes(configuration, purposesOf(policy), breakGlass !== undefined);
  const reach = reachOf(policy);
  const hub = new HubStack(app, configuration.stackName, {
    description: 'Credential Janitor: hub',
    env: environmentOf(configuration, options.target),
    terminationProtection: !configuration.sandbox,
    configuration,
    policyHash: policy.hash,
    packedPolicy: writePackedPolicy(policy, app.outdir),
    purposes,
    reach,
    breakGlass,
    outsideAccounts: outsideAccountsOf(policy),
    ...(options.codeOf === undefined ? {} : { codeOf: options.codeOf }),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NistReport(app.outdir));
  return {
    app,
    hub,
    templates: memberTemplates(app.outdir, configuration, { needed: purposes, reach, breakGlass }),
  };
}

function neededPurposes(
  { memberSteps }: Configuration,
  derived: readonly MemberPurpose[],
  lends: boolean,
): readonly MemberPurpose[] {
  const chosen: readonly MemberPurpose[] =
    memberSteps === undefined ? derived : ['read', ...new Set(memberSteps)];
  return lends ? [...chosen, 'break-glass'] : chosen;
}

/** Without both, CDK deploys to wherever the caller's credentials point, and synth needs none. */
function environmentOf({ hubAccount, homeRegion }: Configuration, target: BuildOptions['target'] = {}) {
  const account = hubAccount ?? target.account;
  const region = homeRegion ?? target.region;
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

/** CDK's behaviour that templates rely on, wherever the app is built; cdk.json need not repeat it. */
const FEATURE_FLAGS = {
  // S3 delivers access logs by the bucket's policy; without this, by an ACL, which a closed bucket refuses.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
};
