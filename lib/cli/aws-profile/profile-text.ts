/** A profile of ours in the text of an AWS configuration file. */
export interface LentProfile {
  readonly name: string;
  readonly grantId: string;
  /** What stands after `credential_process =`. */
  readonly process: string;
  /** Of whoever took the grant: whose credentials ask for more. Undefined: those of the environment. */
  readonly own?: string | undefined;
  /** Other settings of the profile, such as its Region. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Whose a section is, if there is one: ours names a grant. */
export type Section = 'none' | 'ours' | 'not-ours';

const GRANT = 'janitor_grant';
const REMARK = '# Written by janitor, and removed when the grant is returned.';

/** A section from its heading to the last line of its own: what stands between it and the next belongs to the next. */
interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly grantId: string | undefined;
}

/** Whether a profile of this name is in the text, and whose. */
export function sectionOf(text: string, name: string): Section {
  const found = spansIn(text).filter((span) => span.name === name);
  if (found.length === 0) return 'none';
  return found.every(({ grantId }) => grantId !== undefined) ? 'ours' : 'not-ours';
}

/** The names of our profiles of a grant. */
export function profilesOf(text: string, grantId: string): readonly string[] {
  return spansIn(text).flatMap((span) => (span.grantId === grantId ? [span.name] : []));
}

/**
 * The text with the profile in it, at its end or where ours of that name stood. Everything else stays as it is, byte for
 * byte: a last line that was not ended is not ours to end, and so ours is not ended either.
 */
export function withProfile(text: string, profile: LentProfile): string {
  const rest = withoutSections(text, (span) => span.name === profile.name && span.grantId !== undefined);
  const newline = rest.includes('\r\n') ? '\r\n' : '\n';
  const block = linesOf(profile).join(newline);
  if (rest === '' || rest.endsWith('\n')) return `${rest}${block}${newline}`;
  return `${rest}${newline}${block}`;
}

/** The text without our profiles of a grant; the same text where there are none. */
export function withoutGrant(text: string, grantId: string): string {
  return withoutSections(text, (span) => span.grantId === grantId);
}

function linesOf({ name, grantId, process, own, settings }: LentProfile): string[] {
  return [
    name === 'default' ? '[default]' : `[profile ${name}]`,
    REMARK,
    `credential_process = ${process}`,
    `${GRANT} = ${grantId}`,
    ...(own === undefined ? [] : [`janitor_profile = ${own}`]),
    ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`),
  ];
}

function withoutSections(text: string, isMeant: (span: Span) => boolean): string {
  return spansIn(text)
    .filter(isMeant)
    .reduceRight((rest, { from, to }) => without(rest, from, to), text);
}

/** Ours at the end without a newline was put after a line without one. */
function without(text: string, from: number, to: number): string {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const ours = text.slice(from, to);
  if (after !== '' || ours.endsWith('\n')) return before + after;
  return before.slice(0, -(ours.includes('\r\n') ? 2 : 1));
}

const HEADING = /^\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/;
const OF_GRANT = new RegExp(`^${GRANT}\\s*=\\s*(\\S+)`);

function spansIn(text: string): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (const { line, from, to } of lines(text)) {
    const words = line.replace(/^\ufeff/, '').trimStart();
    if (words.startsWith('[')) {
      if (open !== undefined) spans.push(open);
      open = { name: HEADING.exec(words)?.[1] ?? words, from, to, grantId: undefined };
    } else if (open !== undefined && /^[^#;]/.test(words)) {
      open = { ...open, to, grantId: open.grantId ?? OF_GRANT.exec(line)?.[1] };
    }
  }
  return open === undefined ? spans : [...spans, open];
}

function* lines(text: string): Generator<{ line: string; from: number; to: number }> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end + 1;
    yield { line: text.slice(from, to), from, to };
    from = to;
  }
}
