/** A member of staff with an IAM user under /people/. Ages in days before the start of the scenario. */
export interface StaffMember {
  readonly name: string;
  readonly team: string;
  readonly passwordUsed: number | 'never' | 'none';
  readonly mfa: boolean;
  /** Access keys: age and last use. */
  readonly keys?: readonly {
    readonly age: number;
    readonly used: number | 'never';
    readonly inactive?: true;
  }[];
}

/** Everybody at Larkspur Logistics who still has an IAM user of their own, leavers included. */
export const STAFF: readonly StaffMember[] = [
  { name: 'ana', team: 'security', passwordUsed: 0, mfa: true, keys: [{ age: 12, used: 1 }] },
  { name: 'ben', team: 'security', passwordUsed: 1, mfa: true, keys: [{ age: 20, used: 2 }] },
  { name: 'carla', team: 'security', passwordUsed: 3, mfa: true, keys: [{ age: 33, used: 4 }] },
  { name: 'dmitri', team: 'payments', passwordUsed: 2, mfa: true, keys: [{ age: 410, used: 0 }] },
  { name: 'elena', team: 'payments', passwordUsed: 5, mfa: true },
  { name: 'farid', team: 'data', passwordUsed: 1, mfa: true, keys: [{ age: 61, used: 3 }] },
  { name: 'grace', team: 'data', passwordUsed: 75, mfa: true, keys: [{ age: 500, used: 130 }] },
  { name: 'hugo', team: 'web', passwordUsed: 0, mfa: true },
  { name: 'iris', team: 'web', passwordUsed: 9, mfa: false, keys: [{ age: 290, used: 88 }] },
  { name: 'jonas', team: 'platform', passwordUsed: 1, mfa: true, keys: [{ age: 44, used: 0 }] },
  {
    name: 'kira',
    team: 'platform',
    passwordUsed: 0,
    mfa: true,
    keys: [
      { age: 700, used: 1 },
      { age: 380, used: 379 },
    ],
  },
  { name: 'liam', team: 'mobile', passwordUsed: 21, mfa: true },
  { name: 'mona', team: 'finance', passwordUsed: 'never', mfa: false },
  { name: 'nils', team: 'support', passwordUsed: 160, mfa: true },
  { name: 'olga', team: 'support', passwordUsed: 2, mfa: false },
  {
    name: 'pavel',
    team: 'data',
    passwordUsed: 190,
    mfa: true,
    keys: [
      { age: 640, used: 181 },
      { age: 300, used: 'never' },
    ],
  },
  { name: 'quinn', team: 'mobile', passwordUsed: 12, mfa: true, keys: [{ age: 95, used: 2 }] },
  { name: 'rosa', team: 'finance', passwordUsed: 47, mfa: true },
  { name: 'sven', team: 'warehouse', passwordUsed: 'none', mfa: false, keys: [{ age: 820, used: 205 }] },
  { name: 'tara', team: 'warehouse', passwordUsed: 6, mfa: true },
  {
    name: 'umar',
    team: 'platform',
    passwordUsed: 8,
    mfa: true,
    keys: [{ age: 130, used: 128, inactive: true }],
  },
  { name: 'vera', team: 'web', passwordUsed: 'never', mfa: false },
];

/** Those who act in the story: three of security, who may approve, and an owner. */
export const CAST = ['ana', 'ben', 'carla', 'dmitri'] as const;
export type Cast = (typeof CAST)[number];
