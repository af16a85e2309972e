import type { Actor } from '../../lib/domain/actor.ts';

/** Everybody who acts in the world. alice, bob and carol are of the security group; mallory is in no directory. */
export const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'mallory', 'robot'] as const;
export type PersonName = (typeof PEOPLE)[number];

/** As the service resolves a caller: people of the directory, an outsider who is nobody, a machine. */
export function actorOf(name: PersonName): Actor {
  const arn = `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Staff_0123456789abcdef/${name}`;
  if (name === 'mallory') return { kind: 'unresolved', arn, claimed: name };
  if (name === 'robot')
    return { kind: 'workload', arn: 'arn:aws:iam::111122223333:role/robot', claimed: 'ci' };
  return { kind: 'person', arn, person: name };
}
