import type { Statement } from './evaluate.ts';
import type { Policies } from './synthesised-hub.ts';

/** The same policies with the statements of one role changed, in every account. */
export function mapStatements(
  policies: Policies,
  role: string,
  change: (statement: Statement) => Statement,
): Policies {
  return {
    ...policies,
    functions: new Map(
      [...policies.functions].map(([name, statements]) => [
        name,
        name === role ? statements.map(change) : statements,
      ]),
    ),
    members: new Map(
      [...policies.members].map(([account, roles]) => [
        account,
        new Map(
          [...roles].map(([purpose, { identity, boundary }]) => [
            purpose,
            { identity: `member-${purpose}` === role ? identity.map(change) : identity, boundary },
          ]),
        ),
      ]),
    ),
  };
}
