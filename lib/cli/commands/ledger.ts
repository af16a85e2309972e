import { Command } from 'commander';
import type { Run } from '../run.ts';
import { ledgerRebuildCommand } from './ledger-rebuild.ts';
import { ledgerReplayCommand } from './ledger-replay.ts';
import { ledgerVerifyCommand } from './ledger-verify.ts';

export function ledgerCommand(run: Run): Command {
  return new Command('ledger')
    .description('Verify, rebuild and replay the record.')
    .addCommand(ledgerVerifyCommand(run))
    .addCommand(ledgerRebuildCommand(run))
    .addCommand(ledgerReplayCommand(run));
}
