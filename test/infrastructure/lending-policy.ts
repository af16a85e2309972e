/** A policy that lends `administrator` in 111122223333 and 999988887777, `database-admin` with shells in 444455556666. */
export const LENDING = 'test/infrastructure/break-glass-policy';
