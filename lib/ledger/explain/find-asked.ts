import { requestIdSchema } from '../../domain/request-events.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import type { AskedKind } from '../asked/asked-kind.ts';
import { readAsked } from './asked-chain.ts';
import { explainChallenge } from './explain-challenge.ts';
import { explainException } from './explain-exception.ts';
import { explainGrant } from './explain-grant.ts';
import { explainIncident } from './explain-incident.ts';
import { explainRequest } from './explain-request.ts';
import type { ExplainDependencies, ExplainOptions, Explanation } from './explanation.ts';
import { ambiguous } from './not-found.ts';

type Explainer = (
  dependencies: ExplainDependencies,
  id: string,
  options: ExplainOptions,
) => Promise<Explanation>;

/** By the kind in the subject of a chain. */
export const EXPLAIN_ASKED: { readonly [K in AskedKind]: Explainer } = {
  request: explainRequest,
  exception: explainException,
  challenge: explainChallenge,
  grant: explainGrant,
  incident: explainIncident,
};

/**
 * What a bare id that somebody chose names: an exception rather than the request it came of, which is part of its story.
 * Undefined: nothing was recorded under it by then. Throws `ambiguous` when it is the name of a secret as well, so that
 * nobody answers for a credential by a clever id, or that of a grant and something else.
 */
export async function findAsked(
  dependencies: Pick<ExplainDependencies, 'ledger' | 'state'>,
  id: string,
  at: Instant,
): Promise<AskedKind | undefined> {
  if (!requestIdSchema.safeParse(id).success) return undefined;
  const kinds = ['exception', 'request', 'challenge', 'grant', 'incident'] as const;
  const chains = await Promise.all(kinds.map((kind) => readAsked(dependencies, kind, id, at)));
  const [kind, ...others] = chains.filter(({ found }) => found !== undefined).map((chain) => chain.kind);
  if (kind === undefined) return undefined;
  const grants = kind !== 'grant' && others.includes('grant') ? [subjects.grant(id)] : [];
  const candidates = [...(await dependencies.state.named(id)), ...grants];
  if (candidates.length > 0) throw ambiguous(id, [...candidates, `${kind}#${id}`]);
  return kind;
}
