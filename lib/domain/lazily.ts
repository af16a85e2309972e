/**
 * What `make` returns, made at the first call and then kept. Building a schema takes a cold function longer than
 * parsing with it, so schemas that most calls do not need are built when one does; a schema that is part of others is
 * `z.lazy` instead, which does the same and can be parsed with.
 */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
