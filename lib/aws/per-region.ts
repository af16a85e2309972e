/** What `create` makes for a Region, made when it is first asked for and then kept. */
export function perRegion<T>(create: (region: string) => T): (region: string) => T {
  const known = new Map<string, T>();
  return (region) => {
    const existing = known.get(region);
    if (existing !== undefined) return existing;
    const created = create(region);
    known.set(region, created);
    return created;
  };
}
