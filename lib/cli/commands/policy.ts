import { Command } from 'commander';
import type { Run } from '../run.ts';
import { policyActivateCommand } from './policy-activate.ts';
import { policyCheckCommand } from './policy-check.ts';
import { policyDiffCommand } from './policy-diff.ts';
import { policySchemaCommand } from './policy-schema.ts';
import { policyTestCommand } from './policy-test.ts';

export function policyCommand(run: Run): Command {
  return new Command('policy')
    .description('Check, test, compare and activate the policy.')
    .addCommand(policyCheckCommand(run))
    .addCommand(policyTestCommand(run))
    .addCommand(policyDiffCommand(run))
    .addCommand(policySchemaCommand(run))
    .addCommand(policyActivateCommand(run));
}
