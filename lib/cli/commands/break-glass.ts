import { Command } from 'commander';
import { grantText } from '../render/grant.ts';
import { evidenceText } from '../render/grant-evidence.ts';
import type { Run } from '../run.ts';
import { grantCommand } from './about-grant.ts';
import { breakGlassCredentialsCommand } from './break-glass-credentials.ts';
import { breakGlassDrillCommand } from './break-glass-drill.ts';
import { breakGlassReturnCommand, breakGlassRevokeCommand } from './break-glass-end.ts';
import { breakGlassExecCommand } from './break-glass-exec.ts';
import { breakGlassExplainIncidentCommand, breakGlassIncidentsCommand } from './break-glass-incidents.ts';
import { breakGlassListCommand } from './break-glass-list.ts';
import { breakGlassReviewCommand, breakGlassReviewIncidentCommand } from './break-glass-review.ts';
import { breakGlassRolesCommand } from './break-glass-roles.ts';
import { breakGlassStartCommand } from './break-glass-start.ts';

const ID = '0198c2f4-7d1e-7c11-a2c3-5e6f70819203';

export function breakGlassCommand(run: Run): Command {
  return new Command('break-glass')
    .description('Take a prepared role in an emergency: for a while, on record, reviewed by somebody else.')
    .addCommand(breakGlassRolesCommand(run))
    .addCommand(breakGlassStartCommand(run))
    .addCommand(breakGlassExecCommand(run))
    .addCommand(breakGlassCredentialsCommand(run))
    .addCommand(breakGlassListCommand(run))
    .addCommand(
      grantCommand(run, {
        verb: 'show',
        description: 'Show a grant: who, what, why, how long it lasts, what comes next.',
        examples: [[`janitor break-glass show ${ID}`, 'as it stands now']],
        does: (service, id) => service.getGrant(id),
        text: grantText,
      }),
    )
    .addCommand(
      grantCommand(run, {
        verb: 'approve',
        description: 'Approve a grant that waits for a second person, as the person AWS says you are.',
        examples: [
          [`janitor break-glass approve ${ID}`, 'counts for exactly this grant, whose end is fixed'],
        ],
        does: (service, id) => service.approveGrant(id),
        text: grantText,
      }),
    )
    .addCommand(breakGlassReturnCommand(run))
    .addCommand(breakGlassRevokeCommand(run))
    .addCommand(
      grantCommand(run, {
        verb: 'evidence',
        description: 'Show what a grant was used for, from CloudTrail.',
        examples: [[`janitor break-glass evidence ${ID}`, 'a summary first, then each call']],
        does: (service, id) => service.getGrantEvidence(id),
        text: evidenceText,
      }),
    )
    .addCommand(breakGlassReviewCommand(run))
    .addCommand(breakGlassIncidentsCommand(run))
    .addCommand(breakGlassExplainIncidentCommand(run))
    .addCommand(breakGlassReviewIncidentCommand(run))
    .addCommand(breakGlassDrillCommand(run));
}
