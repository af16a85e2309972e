import { freshJanitorChanges, type Invariant } from '../chronicle.ts';
import { isAlwaysProtected } from '../scenery.ts';
import { actOf, named } from './acts.ts';

/**
 * I9: protected credentials are never touched: not disabled, not deleted, not even labelled. What was done to one before
 * it was protected may be undone.
 */
export const protectedOnes: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const { record, credential } = change;
    const concerned = chronicle.credentials.filter(
      (each) =>
        each.id === credential?.id || (each.user === record.target && each.accountId === record.accountId),
    );
    const version = actOf(chronicle, change)?.version.name;
    const untouchable = concerned.some(
      (each) =>
        isAlwaysProtected(each) ||
        (version === 'protecting-ci' && each.path.startsWith('/ci/') && change.process.startsWith('janitor')),
    );
    return untouchable ? [`I9: ${named(change)}: it is protected`] : [];
  });
