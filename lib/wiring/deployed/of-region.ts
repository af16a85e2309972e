/** What `open` makes for a Region, made once for each. */
export function ofRegion<T>(open: (region: string) => T): (region: string) => T {
  const opened = new Map<string, T>();
  return (region) => {
    const client = opened.get(region) ?? open(region);
    opened.set(region, client);
    return client;
  };
}
