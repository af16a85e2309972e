import type { MemberPurpose } from '../../lib/infrastructure/names.ts';

/** Rules of the shipped policy, and the roles that enforcing them needs. */
export const enforcing: readonly [
  name: string,
  rules: readonly string[],
  purposes: readonly MemberPurpose[],
][] = [
  ['a rule that only tells', ['root-access-key'], ['read']],
  ['a rule that labels', ['access-key-unlabelled'], ['read', 'tag']],
  ['a rule that disables and deletes', ['secret-unused'], ['read', 'quarantine', 'delete']],
  ['a rule that rotates', ['access-key-rotation-due'], ['read', 'rotate']],
  ['a rule that retires what was replaced', ['access-key-replaced'], ['read', 'quarantine', 'delete']],
  ['two rules together', ['secret-unlabelled', 'access-key-unused'], ['read', 'quarantine', 'delete', 'tag']],
];
