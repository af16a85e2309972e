import { Command } from 'commander';
import * as z from 'zod';
import type { BreakGlassRoleView } from '../../api/index.ts';
import { humanDuration } from '../../domain/time.ts';
import { atBroker } from '../at-broker.ts';
import { EXIT } from '../exit-code.ts';
import { brokerFlags, withBroker, withOutput } from '../flags.ts';
import { csvLine } from '../render/csv.ts';
import { type Field, fieldLines } from '../render/fields.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject(brokerFlags);

export function breakGlassRolesCommand(run: Run): Command {
  const command = new Command('roles').description(
    'Show the break-glass roles there are: what each allows and denies, and whether you might have it now.',
  );
  withBroker(withOutput(command, ['table', 'json', 'csv']));
  return withExamples(command, [
    ['janitor break-glass roles', 'before you need one'],
    ['janitor break-glass roles --stack CredentialJanitor', 'of the deployed janitor'],
  ]).action(
    action(run, flagsSchema, async (session, flags) => {
      const { items } = await atBroker({ run, flags }, ({ service }) => service.listBreakGlassRoles());
      if (session.format === 'csv') await session.print(csvOf(items));
      else if (session.format === 'json') await session.print(jsonDocument({ roles: items }));
      else await session.print(textOf(items, session.style, session.width));
      return EXIT.fine;
    }),
  );
}

function textOf(roles: readonly BreakGlassRoleView[], style: Style, width: number): string {
  if (roles.length === 0)
    return 'The policy has no break-glass roles. docs/break-glass.md says how to add one.';
  return roles.map((role) => roleText(role, style, width)).join('\n\n');
}

const TIERS: Readonly<Record<BreakGlassRoleView['tier'], string>> = {
  routine: 'at once',
  guarded: 'another person approves',
  critical: 'two other persons approve',
};

function roleText(role: BreakGlassRoleView, style: Style, width: number): string {
  const { name, why, accounts, tier, longestSeconds, reviewers, eligible, because, summary } = role;
  const fields: readonly Field[] = [
    ['For', why],
    ['In', accounts.join(', ')],
    ['How', `${TIERS[tier]}, for ${humanDuration(longestSeconds * 1000)} at most`],
    ['You', [eligible ? 'might have it now' : 'would be refused now', ...because]],
    ['Reviewed by', reviewers.join(', ')],
  ];
  const said = eligible ? style.green('for you') : style.dim('not for you');
  return [
    `${style.bold(name)}  ${said}`,
    fieldLines(fields, style, width),
    ...summary.map((line) => `  ${line}`),
  ].join('\n');
}

const COLUMNS = [
  'name',
  'why',
  'accounts',
  'tier',
  'longestSeconds',
  'reviewers',
  'sessionManager',
  'eligible',
  'because',
  'summary',
] as const;

function csvOf(roles: readonly BreakGlassRoleView[]): string {
  const lines = roles.map((role) => csvLine(COLUMNS.map((name) => cell(role[name]))));
  return [csvLine(COLUMNS), ...lines].join('');
}

function cell(value: BreakGlassRoleView[(typeof COLUMNS)[number]]): string {
  return typeof value === 'object' ? value.join('; ') : String(value);
}
