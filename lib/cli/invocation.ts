/** How this program is typed where it runs. */
export type Invocation = 'janitor' | 'npx janitor';

/** Commands as hints and examples name them; `the janitor restores` and paths are none. */
const COMMAND =
  /(?<![\w./:@-]|npx )janitor(?= (?:(?:scan|sweep|explain|restore|approve|reject|halt|resume|demo|embedded-aws|policy (?:check|test|schema|activate)|ledger (?:verify|rebuild|replay)|--help|--version)(?![\w-])|(?:policy |ledger )?\[))/g;

/**
 * `npx janitor` through npx or npm and in a clone, whose folder is not on the search path; else `janitor`.
 * @param source the URL of the code that runs: TypeScript in a clone, a bundle in an installed package.
 */
export function invocationOf(env: Readonly<Record<string, string | undefined>>, source: string): Invocation {
  const byNpm = env.npm_command !== undefined || env.npm_lifecycle_event !== undefined;
  return byNpm || source.endsWith('.ts') ? 'npx janitor' : 'janitor';
}

/** A text in which commands of this program stand as they have to be typed here. */
export function typedAs(invocation: Invocation, text: string): string {
  return invocation === 'janitor' ? text : text.replace(COMMAND, invocation);
}
