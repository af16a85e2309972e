import type { Mutant } from './mutant.ts';

function asked(name: string, file: string, find: string, replace: string, tests: readonly string[]): Mutant {
  return { name: `asked: ${name}`, file: `lib/${file}`, find, replace, tests };
}

const LISTS = ['test/ledger/asked-lists.test.ts'];
const STATE = ['test/ledger/asked-state.test.ts'];
const TELLING = ['test/requests/telling.test.ts'];
const NOTICES = ['test/notify/request-notice.test.ts'];
const ACTIVATION = ['test/domain/account-chains.test.ts', 'test/sweep/activation-race.test.ts'];
const DIFF = ['test/policy/diff'];

/** Lists, accounts and notices of what was asked, and proposals of the policy: what each clause is there for. */
export const ASKED_MUTANTS: readonly Mutant[] = [
  asked(
    'what has ended stays in the list of open ones',
    'ledger/asked/asked-row.ts',
    "trait.isOpen(record) ? 'open' : 'ended'",
    "'open'",
    LISTS,
  ),
  asked(
    'an older row wins',
    'ledger/state-table.ts',
    "const IS_NEWER = 'seq < :seq';",
    "const IS_NEWER = 'seq <> :seq';",
    STATE,
  ),
  asked(
    'a cursor of another list is taken',
    'ledger/asked/page-cursor.ts',
    'taggedHash(TAG, [list, sk])',
    "taggedHash(TAG, [list === '' ? '' : '-', sk])",
    LISTS,
  ),
  asked(
    'lists hide what the clock has done',
    'ledger/asked/request-projection.ts',
    'ASKED[kind].stateAt(decoded.record, now)',
    "ASKED[kind].stateAt(decoded.record, '2000-01-01T00:00:00.000Z')",
    LISTS,
  ),
  asked(
    'a list that cannot be written undoes what is recorded',
    'ledger/asked/request-projection.ts',
    "if (!(error instanceof JanitorError) || error.code !== 'state-unavailable') throw error;",
    'throw error;',
    ['test/requests/projected.test.ts'],
  ),
  asked(
    'a clever id answers for a secret',
    'ledger/explain/find-asked.ts',
    'if (candidates.length > 0)',
    'if (candidates.length > 1_000)',
    ['test/ledger/explain-asked.test.ts'],
  ),
  asked(
    'an account tells what came later',
    'ledger/explain/asked-chain.ts',
    'events.filter((event) => event.at <= at)',
    'events.filter((event) => event.at <= at || event.seq > 0)',
    ['test/ledger/explain-asked.test.ts'],
  ),
  asked(
    'a proposal never lapses',
    'domain/account-chains.ts',
    'return now < proposal.lapsesAt ? proposal : undefined;',
    'return proposal;',
    ACTIVATION,
  ),
  asked(
    'an approval that comes too late completes a proposal',
    'domain/account-chains.ts',
    'const proposal = proposalAt(activation, hash, at);',
    'const proposal = at === hash ? undefined : activation.proposals[hash];',
    ACTIVATION,
  ),
  asked('who asks is asked to approve', 'requests/telling.ts', '!isParty(request, person) && ', '', TELLING),
  asked('everybody is told again', 'requests/tell.ts', 'if (done.has(noticeId)) continue;', '', TELLING),
  asked(
    'what nobody knows to have arrived counts as told',
    'requests/tell.ts',
    "if (outcome === 'unknown') continue;",
    '',
    TELLING,
  ),
  asked(
    'a notice carries a secret',
    'notify/request-notice-words.ts',
    'withoutSecret(oneLine(text, 1_000))',
    'oneLine(text, 1_000)',
    NOTICES,
  ),
  asked(
    'a difference that has no direction is dropped',
    'policy/diff/compare.ts',
    'return found.length > 0 ? found : [rewritten(path, before, after)];',
    'return found;',
    DIFF,
  ),
  asked(
    'another order is passed over',
    'policy/diff/compare.ts',
    'inOrder(kept, texts(after)) ?',
    'inOrder(kept, kept) ?',
    DIFF,
  ),
];
