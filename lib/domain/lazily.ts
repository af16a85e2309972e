/**
 * What `make` returns, made at the first call and then kept: for what takes long to make and most calls of a function
 * do not need, such as schemas. A schema that is part of others is `z.lazy` instead, which does the same and can be
 * parsed with.
 */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
