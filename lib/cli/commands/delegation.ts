import { Command } from 'commander';
import type { Run } from '../run.ts';
import { delegationProveCommand } from './delegation-prove.ts';

export function delegationCommand(run: Run): Command {
  return new Command('delegation')
    .description('Prove on whose behalf something is asked, hop by hop.')
    .addCommand(delegationProveCommand(run));
}
