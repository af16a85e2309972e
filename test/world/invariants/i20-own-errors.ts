import type { Invariant } from '../chronicle.ts';

/** I20: only our own error family escapes, whatever happens (and the crash we injected). */
export const ownErrors: Invariant = ({ strangers }) => strangers.map((what) => `I20: ${what}`);
