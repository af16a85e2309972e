/**
 * Reads items concurrently and yields the results in the order of the items, at most `window` of them begun
 * and not yet taken: memory stays bounded however slow the consumer is.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  window: number,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for (const item of items) {
    const reading = read(item);
    // The rejection is seen when its turn comes; until then it must not count as unhandled.
    reading.catch(() => undefined);
    begun.push(reading);
    const oldest = begun.length >= window ? begun.shift() : undefined;
    if (oldest !== undefined) yield await oldest;
  }
  for (const reading of begun) yield await reading;
}
