/** A tag of a user, a role, a session or a secret. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Tags by key, as logs and snapshots show them. */
export function tagMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map((tag) => [tag.key, tag.value]));
}
