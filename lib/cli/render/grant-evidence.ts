import type { GrantEvidenceView } from '../../api/index.ts';
import { type Field, fieldLines } from './fields.ts';
import { grantText } from './grant.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { counted, shortInstant } from './text.ts';

/** What a grant was used for, as a reviewer reads it: first what it was for, then what was done, then each call. */
export function evidenceText(view: GrantEvidenceView, style: Style, width: number): string {
  const parts = [grantText(view.grant, style, width), summaryLines(view, style, width)];
  if (view.events.length > 0) parts.push(eventTable(view, style, width));
  return parts.join('\n\n');
}

/** The same without each call: what is read before a verdict. */
export function evidenceSummary(view: GrantEvidenceView, style: Style, width: number): string {
  return [grantText(view.grant, style, width), summaryLines(view, style, width)].join('\n\n');
}

function summaryLines(
  { state, complete, missing, summary, events }: GrantEvidenceView,
  style: Style,
  width: number,
) {
  const whole = complete ? 'all of it' : 'not all of it';
  const found = state === 'none' ? 'not gathered yet' : `${counted(events.length, 'call')}, ${whole}`;
  const fields: readonly Field[] = [
    ['CloudTrail', found],
    ['What was done', summary.length === 0 ? undefined : summary],
    ['Not seen', missing.length === 0 ? undefined : missing],
  ];
  return fieldLines(fields, style, width);
}

function eventTable({ events }: GrantEvidenceView, style: Style, width: number): string {
  return renderTable({
    columns: [
      { title: 'AT', size: 'fit' },
      { title: 'CALL', size: 'flex' },
      { title: 'REGION', size: 'fit' },
      { title: 'ERROR', size: 'flex' },
    ],
    idTitle: '',
    rows: events.map(({ at, service, action, region, error, resources }) => ({
      id: '',
      cells: [shortInstant(at), `${service.replace(/\.amazonaws\.com$/, '')}:${action}`, region, error ?? ''],
      note: resources.length === 0 ? undefined : resources.join(', '),
    })),
    width,
    title: style.dim,
  });
}
