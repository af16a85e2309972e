import { type Hold, stepsHeld } from '../../domain/hold.ts';
import { day, infinitive } from './say.ts';

type HoldScope = Pick<Hold, 'rules' | 'steps' | 'ref'>;

/** ` for exception 4f1b...`, or nothing. */
export function heldFor({ ref }: HoldScope): string {
  return ref === undefined ? '' : ` for ${ref.kind} ${ref.id}`;
}

/** What does not happen while a hold is in force: everything destructive, or the named steps of the named rules. */
export function keptFrom(hold: HoldScope): string {
  const { rules } = hold;
  if (isWhole(hold)) return 'nothing destructive happens to it';
  const steps = listed(stepsHeld(hold).map(infinitive), 'or');
  if (rules === undefined) return `no rule may ${steps}`;
  return `${rules.length === 1 ? 'rule' : 'rules'} ${listed(rules, 'and')} may not ${steps}`;
}

/** The same of a hold that is being placed. */
export function keepingFrom(hold: HoldScope): string {
  const others = hold.rules === undefined ? '' : '; other rules go on';
  return `${keptFrom(hold)} while the hold is in force${others}`;
}

export function isWhole({ rules, steps }: HoldScope): boolean {
  return rules === undefined && steps === undefined;
}

/** One hold in force as a line of its own. */
export function holdLine(hold: Hold): string {
  const { kind, holdId, until, reason } = hold;
  const scope = isWhole(hold) ? '' : ` (${keptFrom(hold)})`;
  return `${kind} ${holdId}${heldFor(hold)} until ${day(until)}: ${reason}${scope}`;
}

function listed(words: readonly string[], last: 'and' | 'or'): string {
  const rest = words.slice(0, -1);
  return rest.length === 0 ? words.join('') : `${rest.join(', ')} ${last} ${words.at(-1)}`;
}
