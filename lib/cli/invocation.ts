/** How this program is typed where it runs. */
export type Invocation = 'janitor' | 'npx janitor';

/** Commands as hints and examples name them; `the janitor restores` and paths are none. */
const COMMAND =
  /(?<![\w./:@-]|npx )janitor(?= (?:(?:scan|sweep|explain|restore|rotate|approve|reject|halt|resume|demo|embedded-aws|policy (?:check|test|schema|activate)|ledger (?:verify|rebuild|replay)|--help|--version)(?![\w-])|(?:policy |ledger )?\[))/g;

/**
 * `npx janitor` through npx or npm and in a clone, whose folder is not on the search path; else `janitor`.
 * @param source the URL of the code that runs: TypeScript in a clone, a bundle in an installed package.
 */
export function invocationOf(env: Readonly<Record<string, string | undefined>>, source: string): Invocation {
  const byNpm = env.npm_command !== undefined || env.npm_lifecycle_event !== undefined;
  return byNpm || source.endsWith('.ts') ? 'npx janitor' : 'janitor';
}

/** `janitor --stack NAME sweep` is `janitor sweep --stack NAME`. */
export function commandFirst(argv: readonly string[]): string[] {
  const [first = '', ...rest] = argv;
  const taken = first === '--stack' ? 2 : first.startsWith('--stack=') ? 1 : 0;
  if (taken === 0 || argv.length <= taken) return [...argv];
  const words = rest.slice(taken - 1);
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return [...words.slice(0, end), ...argv.slice(0, taken), ...words.slice(end)];
}

const ON_A_STACK =
  /(?<![\w./:@-])(janitor (?:scan|sweep|explain|restore|rotate|approve|reject|halt|resume|policy activate|ledger (?:verify|replay)))(?![\w-])(?! --stack)/g;

/** A text in which commands that work on a deployed janitor name the stack that this command works on. */
export function onStack(stack: string | undefined, text: string): string {
  return stack === undefined ? text : text.replace(ON_A_STACK, `$1 --stack ${stack}`);
}

/** A text in which commands of this program stand as they have to be typed here. */
export function typedAs(invocation: Invocation, text: string): string {
  return invocation === 'janitor' ? text : text.replace(COMMAND, invocation);
}
