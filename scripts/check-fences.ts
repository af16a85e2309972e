import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

/** Fences that the canary must trip; a fence that no longer bites is a failure as well. */
const MUST_BITE = [
  'domain-imports-only-its-neighbours',
  'domain-has-small-libraries-only',
  'aws-sdk-stays-at-the-edge',
  'what-is-deployed-writes-small-schemas',
  'policy-imports-only-its-neighbours',
  'rooms-are-entered-through-their-index',
  'inventory-imports-only-its-neighbours',
  'nobody-imports-the-outermost-rooms',
  'infrastructure-imports-only-its-neighbours',
  'cdk-stays-in-infrastructure',
  'only-the-app-deploys',
];

async function check(folders: string[]): Promise<ICruiseResult> {
  const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs');
  const { output } = await cruise(folders, { ...options, validate: true });
  if (typeof output === 'string') throw new Error('dependency-cruiser returned text instead of a result');
  return output;
}

const code = await check(['bin', 'lib', 'functions', 'test', 'bench']);
const broken = code.summary.violations.filter(
  (violation) => !violation.from.startsWith('test/fences/canary/'),
);
for (const violation of broken) console.error(`${violation.rule.name}: ${violation.from} -> ${violation.to}`);
if (code.summary.totalCruised < 50)
  throw new Error(`only ${code.summary.totalCruised} modules were read: the fences see nothing`);

const bitten = new Set(
  code.summary.violations.filter((v) => v.from.startsWith('test/fences/canary/')).map((v) => v.rule.name),
);
const blunt = MUST_BITE.filter((name) => !bitten.has(name));
for (const name of blunt) console.error(`fence ${name} does not bite: the canary passed`);

if (broken.length > 0 || blunt.length > 0) process.exitCode = 1;
else
  console.log(
    `fences: ${code.summary.totalCruised} modules read, none over a fence; ${bitten.size} fences bite the canary`,
  );
