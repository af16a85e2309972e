import * as z from 'zod';
import { JanitorError } from '../domain/error.ts';
import type { Ask, RequestKind } from '../domain/request-events.ts';
import { STEP_KINDS } from '../domain/step.ts';
import type { Desk } from '../wiring/index.ts';
import { conditionArgument, conditionsOf } from './request-flags.ts';
import type { Session } from './session.ts';
import { completed, type Wanted } from './wanted.ts';
import { CREDENTIAL, EXCEPTION, PLAN, RULE, STEP } from './wanted-values.ts';

/** What is asked for, as flags say it. */
export interface AskFlags {
  readonly credential?: string | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly while?: readonly string[] | undefined;
  readonly step?: string | undefined;
  readonly plan?: string | undefined;
  readonly exception?: string | undefined;
}

const WHILE: Wanted = {
  flag: '--while <condition>',
  question: 'What must stay true for it to last? ticket, owner, or tag:<key>=<value>.',
  placeholder: 'ticket',
  parse: conditionArgument,
};

const WANTED: Readonly<Record<RequestKind, Readonly<Record<string, Wanted>>>> = {
  exception: { credential: CREDENTIAL, rule: RULE, while: WHILE },
  extension: { exception: EXCEPTION },
  restore: { credential: CREDENTIAL },
  'rotate-now': { credential: CREDENTIAL },
  'approve-plan': { plan: PLAN },
  'policy-override': { credential: CREDENTIAL, rule: RULE, step: STEP },
};

/** Asks a person for what is missing, or throws `usage`; answers what the desk makes the exact request of. */
export async function askedFor(
  session: Session,
  command: string,
  kind: RequestKind,
  flags: AskFlags,
): Promise<(desk: Desk) => Promise<Ask>> {
  refuseOthers(command, kind, flags);
  const { rule: rules, while: conditions, ...others } = flags;
  const given = { ...others, rule: rules?.[0], while: conditions?.[0] };
  const values = await completed(session, command, WANTED[kind], given);
  const { credential = '', rule = '', exception = '', plan = '' } = values;
  switch (kind) {
    case 'exception':
      return async (desk) => ({
        kind,
        scope: { credentialId: await desk.credentialId(credential), rules: [...(rules ?? [rule])] },
        while: conditionsOf(conditions ?? [values.while ?? '']),
      });
    case 'extension':
      return async () => ({ kind, exceptionId: exception });
    case 'restore':
    case 'rotate-now':
      return async (desk) => ({ kind, credentialId: await desk.credentialId(credential) });
    case 'approve-plan':
      return async ({ service }) => ({
        kind,
        planId: plan,
        planHash: (await service.getPlan(plan)).plan.planHash,
      });
    case 'policy-override':
      return (desk) => override(desk, { credential, rule, step: z.enum(STEP_KINDS).parse(values.step) });
  }
}

const OF_ASK = [
  'credential',
  'rule',
  'while',
  'step',
  'plan',
  'exception',
] as const satisfies (keyof AskFlags)[];

/** What a kind does not take would be dropped without a word, and the request would say less than was meant. */
function refuseOthers(command: string, kind: RequestKind, flags: AskFlags): void {
  const takes = Object.keys(WANTED[kind]);
  const others = OF_ASK.filter((name) => flags[name] !== undefined && !takes.includes(name));
  if (kind === 'policy-override' && (flags.rule ?? []).length > 1) {
    throw new JanitorError('a policy-override is of one rule', {
      code: 'usage',
      source: 'user',
      hint: 'Give --rule once, and ask for each rule by a request of its own.',
    });
  }
  if (others.length === 0) return;
  throw new JanitorError(`a request of kind ${kind} does not take --${others.join(', --')}`, {
    code: 'usage',
    source: 'user',
    hint: `It takes ${takes.map((name) => `--${name}`).join(', ')}. "janitor ${command} --help" has examples.`,
    details: { kind, flags: others.map((name) => `--${name}`) },
  });
}

async function override(
  desk: Desk,
  {
    credential,
    rule,
    step,
  }: Pick<Ask & { kind: 'policy-override' }, 'rule' | 'step'> & { credential: string },
): Promise<Ask> {
  const credentialId = await desk.credentialId(credential);
  const ruleHash = await hashOfRule(desk, credentialId, rule);
  return { kind: 'policy-override', credentialId, rule, ruleHash, step };
}

const explained = z.object({
  verdict: z.object({ findings: z.array(z.object({ rule: z.string(), ruleHash: z.string() })) }).optional(),
});

/** As the newest sweep judged by it: an override is of the rule that was read, not of one that came later. */
async function hashOfRule({ service }: Desk, credentialId: string, rule: string): Promise<string> {
  const { verdict } = explained.parse(await service.explain({ id: credentialId }));
  const found = verdict?.findings.find((finding) => finding.rule === rule);
  if (found !== undefined) return found.ruleHash;
  const rules = verdict?.findings.map((finding) => finding.rule) ?? [];
  throw new JanitorError(`the newest sweep found nothing of rule ${rule} on ${credentialId}`, {
    code: 'finding-not-found',
    source: 'user',
    hint:
      rules.length === 0
        ? `"janitor explain ${credentialId}" says how it was judged.`
        : `It found: ${rules.join(', ')}.`,
    details: { credentialId, rule, rules },
  });
}
