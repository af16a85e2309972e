const TOO_FAR = 3;

/** The candidate that the writer most likely meant: the same but for case, a part of it, or at most two letters off. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const text = written.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let bestDistance = TOO_FAR;
  for (const candidate of candidates) {
    const distance = editDistance(text, candidate.toLowerCase());
    const allowed = distance < Math.max(1, Math.ceil(candidate.length / 2));
    if (allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** A hint for a name that does not exist: the nearest one, or all there are. */
export function nameHint(written: string, candidates: readonly string[], what: string): string {
  const meant = nearest(written, candidates);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  if (candidates.length === 0) return 'there are none yet; add one';
  return `${what}: ${candidates.slice(0, 20).join(', ')}`;
}
