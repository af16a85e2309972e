import { tagOf } from '../domain/label.ts';
import { type Clause, list, type OneOrMany, oneOf } from './clauses.ts';
import { contractEnded } from './directory.ts';
import { pathOf, read } from './evidence.ts';
import { answer, no, unsure, yes } from './kleene.ts';

/** The clauses of `match` that say which credential it is and whose, never how it is used. */

export function credentialClause(kinds: OneOrMany<string>): Clause {
  return ({ credential }) => oneOf('kind', credential.kind, list(kinds));
}

export function accountClause(accounts: OneOrMany<string>): Clause {
  return ({ credential }) => oneOf('account', credential.accountId, list(accounts));
}

export function regionClause(regions: OneOrMany<string>): Clause {
  return ({ credential }) => oneOf('Region', credential.region, list(regions));
}

/** Every tag named must fit. */
export function tagsClause(wanted: Readonly<Record<string, string | null>>): Clause {
  const tests = Object.entries(wanted);
  return ({ credential, facts }) => {
    const tags = read('tags', facts.tags);
    if (!tags.ok) return unsure(tags.why);
    const said: string[] = [];
    for (const [key, value] of tests) {
      const actual = tagOf(tags.fact.value, key, credential.kind === 'secret');
      const sentence =
        actual === undefined ? `tag ${key} is absent` : `tag ${key} is "${actual.slice(0, 64)}"`;
      if (!tagFits(actual, value)) return no(sentence);
      said.push(sentence);
    }
    return yes(said.join(' and '));
  };
}

function tagFits(actual: string | undefined, wanted: string | null): boolean {
  if (wanted === null) return actual === undefined;
  return wanted === '*' ? actual !== undefined : actual === wanted;
}

export function pathClause(prefixes: OneOrMany<string>): Clause {
  const wanted = list(prefixes);
  return ({ credential }) => {
    const path = pathOf(credential);
    const prefix = wanted.find((candidate) => path.startsWith(candidate));
    return prefix === undefined
      ? no(`path ${path} is not under ${wanted.join(' or ')}`)
      : yes(`path ${path} is under ${prefix}`);
  };
}

export function nameClause(patterns: OneOrMany<string>): Clause {
  const wanted = list(patterns);
  return ({ credential: { name, principal } }) => {
    const names = principal === undefined ? [name] : [...new Set([principal.userName, name])];
    const fitting = names.find((one) => wanted.some((pattern) => nameFits(one, pattern)));
    return fitting === undefined
      ? no(`name ${names.join(' or ')} is not ${wanted.join(' or ')}`)
      : yes(`name is ${fitting}`);
  };
}

/** A name in full, or its beginning followed by `*`. */
export function nameFits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

export function ownerClause(owners: OneOrMany<string>): Clause {
  const wanted = list(owners);
  return ({ ownership: { owner, resolved } }) => {
    if (owner.source === 'unknown-tags') return unsure('owner is unknown: its tags are unknown');
    const fits = wanted.includes(owner.id) || (!resolved && wanted.includes('unresolved'));
    const found = owner.id === 'unresolved' ? 'no owner was found' : `owner is ${owner.id}`;
    return answer(fits, owner.source === 'unresolved' ? found : `${found} (by ${owner.source})`);
  };
}

export function outsidePartyClause(parties: OneOrMany<string>): Clause {
  const wanted = list(parties);
  return ({ ownership: { party, partyKnown }, now }) => {
    if (!partyKnown) return unsure('outside party is unknown: its tags are unknown');
    if (party === undefined) return no('no outside party is behind it');
    const ended = contractEnded(party, now);
    const fits = wanted.includes(party.id) || (ended && wanted.includes('contract-ended'));
    const contract = ended
      ? `whose contract ended on ${party.contractEnds}`
      : `under contract until ${party.contractEnds}`;
    return answer(fits, `outside party is ${party.id} (${party.organisation}), ${contract}`);
  };
}
