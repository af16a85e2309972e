/** How this program is typed where it runs. */
export type Invocation = 'janitor' | 'npx janitor';

/** Commands as hints and examples name them; `the janitor restores` and paths are none. */
const COMMAND =
  /(?<![\w./:@-]|npx )janitor(?= (?:(?:scan|sweep|explain|restore|rotate|approve|reject|halt|resume|demo|serve|embedded-aws|request (?:create|list|show|withdraw)|exception (?:request|list|show|renew|revoke)|challenge (?:open|list|show|decide)|delegation prove|break-glass (?:roles|start|exec|credentials|list|show|approve|return|revoke|evidence|review|review-incident|explain-incident|incidents|drill)|policy (?:check|test|schema|activate|diff)|ledger (?:verify|rebuild|replay)|(?:(?:policy|ledger|request|exception|challenge|delegation|break-glass) )?--help|--version)(?![\w-])|(?:policy |ledger |request |exception |challenge |delegation |break-glass )?\[))/g;

/**
 * `npx janitor` through npx or npm and in a clone, whose folder is not on the search path; else `janitor`.
 * @param source the URL of the code that runs: TypeScript in a clone, a bundle in an installed package.
 */
export function invocationOf(env: Readonly<Record<string, string | undefined>>, source: string): Invocation {
  const byNpm = env.npm_command !== undefined || env.npm_lifecycle_event !== undefined;
  return byNpm || source.endsWith('.ts') ? 'npx janitor' : 'janitor';
}

/** `janitor --stack NAME sweep` is `janitor sweep --stack NAME`; the same with `--api URL`. */
export function commandFirst(argv: readonly string[]): string[] {
  const [first = '', ...rest] = argv;
  const taken = /^--(stack|api)$/.test(first) ? 2 : /^--(stack|api)=/.test(first) ? 1 : 0;
  if (taken === 0 || argv.length <= taken) return [...argv];
  const words = rest.slice(taken - 1);
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return [...words.slice(0, end), ...argv.slice(0, taken), ...words.slice(end)];
}

const ASKED =
  'explain|restore|rotate|approve|reject|halt|resume|policy activate|request (?:create|list|show|withdraw)|exception (?:request|list|show|renew|revoke)|challenge (?:open|list|show|decide)|delegation prove|break-glass (?:roles|start|exec|credentials|list|show|approve|return|revoke|evidence|review|review-incident|explain-incident|incidents|drill)';

/** Where a command can work besides here. */
export interface Place {
  readonly flag: '--stack' | '--api';
  readonly value: string;
}

const COMMANDS_AT: Readonly<Record<Place['flag'], RegExp>> = {
  '--stack': commandsAt(`scan|sweep|ledger (?:verify|replay)|${ASKED}`),
  '--api': commandsAt(ASKED),
};

function commandsAt(commands: string): RegExp {
  return new RegExp(`(?<![\\w./:@-])(janitor (?:${commands}))(?![\\w-])(?! --(?:stack|api))`, 'g');
}

/** A text in which commands that can work on another janitor name the one that this command works on. */
export function at(place: Place | undefined, text: string): string {
  return place === undefined
    ? text
    : text.replace(COMMANDS_AT[place.flag], `$1 ${place.flag} ${place.value}`);
}

/** A text in which commands of this program stand as they have to be typed here. */
export function typedAs(invocation: Invocation, text: string): string {
  return invocation === 'janitor' ? text : text.replace(COMMAND, invocation);
}
