import type { ApiCaller } from '../../api/index.ts';
import type { BreakGlassRole } from '../../domain/break-glass-rules.ts';
import { subjects } from '../../domain/subject.ts';
import { type RoleIdentity, resolveCaller } from '../../identity/index.ts';
import { breakGlassRules, callerDirectoryOf } from '../../policy/index.ts';
import type { BreakGlassDesk } from './desk.ts';

/** Where Identity Center keeps its roles. */
const SSO_PATH = '/aws-reserved/sso.amazonaws.com/';

/** What is about to be asked: a session of a grant, or the grant itself, of a role in an account. */
interface Coming {
  readonly grantId: string;
  readonly begins?: { readonly role: string; readonly accountId: string };
}

/**
 * Begins every read of a start or a renewal at once, as if the deployed policy were in force and the caller were who he says, so that
 * all of them take one round trip. Nothing is believed of that: whoever resolves the caller and decides asks this desk as
 * any other, and what was guessed wrongly is read anew.
 */
export function readAhead(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  { grantId, begins }: Coming,
): BreakGlassDesk {
  const { ledger, lookups } = desk;
  const chains = new Begun((subject) => ledger.chain(subject));
  const standings = new Begun((where) => lookups.standingOf(where));
  const roles = new Map<string, Begun<RoleIdentity | undefined>>();
  const roleIn = (where: string) => {
    const found = roles.get(where) ?? new Begun((roleName) => lookups.roleOf(where, roleName));
    roles.set(where, found);
    return found;
  };
  const now = desk.clock.now();
  const role = breakGlassRules(desk.deployed, now).roles.find(({ name }) => name === begins?.role);
  const onCall = role === undefined ? undefined : new Begun((where) => desk.onCall(role, where));

  chains.begin(subjects.grant(grantId));
  chains.begin(subjects.activation);
  standings.begin(caller.accountId);
  if (begins !== undefined) onCall?.begin(begins.accountId);
  beginUses();
  return {
    ...desk,
    ledger: {
      chain: (subject) => chains.take(subject),
      append: (subject, head, draft) => ledger.append(subject, head, draft),
      subjectsIn: (buckets) => ledger.subjectsIn(buckets),
    },
    lookups: {
      roleOf: (where, roleName) => roleIn(where).take(roleName),
      standingOf: (where) => standings.take(where),
    },
    onCall: (asked, where) => {
      const isSame = role !== undefined && questionOf(asked) === questionOf(role);
      return isSame && onCall !== undefined ? onCall.take(where) : desk.onCall(asked, where);
    },
  };

  /** His role, and the uses of whoever he is if his session is what its name says. */
  function beginUses(): void {
    const guess = resolveCaller(caller, {
      ...callerDirectoryOf(desk.deployed, now),
      standingOf: async () => 'member',
      roleOf: async (where, roleName) => {
        roleIn(where).begin(roleName);
        return { roleId: caller.userId.split(':')[0] ?? '', path: SSO_PATH };
      },
    });
    void guess.then((found) => {
      const person = found.ok ? found.caller.actor.person : undefined;
      if (person !== undefined && begins !== undefined) {
        chains.begin(subjects.grantUses(person, begins.role));
      }
    });
  }
}

/** What of a role is asked about. */
function questionOf({ name, onCall }: BreakGlassRole): string {
  return JSON.stringify({ name, onCall });
}

/** Answers that were begun before anybody asked for them: each is used once, and what was not begun is asked for then. */
class Begun<T> {
  readonly #ask: (key: string) => Promise<T>;
  readonly #begun = new Map<string, Promise<T>>();

  constructor(ask: (key: string) => Promise<T>) {
    this.#ask = ask;
  }

  begin(key: string): void {
    const answer = this.#ask(key);
    // Whoever takes it hears of its trouble; nobody else has to.
    answer.catch(() => {});
    this.#begun.set(key, answer);
  }

  take(key: string): Promise<T> {
    const answer = this.#begun.get(key) ?? this.#ask(key);
    this.#begun.delete(key);
    return answer;
  }
}
