import type { SweepResult } from '../../wiring/index.ts';
import { counted } from '../render/text.ts';

/** What a sweep did, in one line. */
export function inShort({ actions, plans }: SweepResult): string {
  const counts = new Map<string, number>();
  for (const { step, outcome } of actions) {
    const what = outcome === 'notified' ? 'announced to owners' : `${step} ${outcome}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const parts = [...counts].map(([what, count]) => `${count} ${what}`);
  if (plans.length > 0) parts.push(`${counted(plans.length, 'plan')} frozen`);
  return parts.length === 0 ? 'No step was taken.' : `${parts.join(', ')}.`;
}
