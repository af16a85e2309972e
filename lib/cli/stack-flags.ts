import { JanitorError } from '../domain/error.ts';

/** Flags that exclude or need each other, of whichever command has them. */
export interface MixedFlags {
  readonly stack?: string | undefined;
  readonly stateDir?: string | undefined;
  readonly now?: string | undefined;
  readonly policy?: string | undefined;
  readonly full?: boolean | undefined;
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly follow?: string | undefined;
}

interface Clash {
  readonly flag: keyof MixedFlags;
  readonly written: string;
  readonly why: string;
  readonly hint: string;
  /** Commands for which it is none. */
  readonly except?: readonly string[];
  /** Commands for which alone it is one. */
  readonly only?: readonly string[];
}

/** What the deployed janitor decides by itself. */
const BESIDE_STACK: readonly Clash[] = [
  {
    flag: 'stateDir',
    written: '--state-dir',
    why: 'they name two different records',
    hint: 'Leave out --state-dir for the record of the stack, or --stack for the local one.',
  },
  {
    flag: 'now',
    written: '--now',
    why: 'a deployed janitor lives now, and so does its record',
    hint: 'Leave out --now; "janitor explain --at INSTANT" explains a past day.',
  },
  {
    flag: 'policy',
    written: '--policy',
    why: 'a stack judges by the policy that is deployed with it',
    hint: 'Leave out --policy; to try a policy on an account, leave out --stack: "scan --policy DIR".',
    except: ['activate'],
  },
  {
    flag: 'full',
    written: '--full',
    why: 'how often every key id is read is for the deployed policy to say (inventory.fullReadEvery)',
    hint: 'Leave out --full.',
    only: ['sweep'],
  },
];

const WITHOUT_STACK: readonly Clash[] = [
  {
    flag: 'accounts',
    written: '--accounts',
    why: 'a local sweep reads the account of its caller',
    hint: 'Name the stack with --stack, or the account by its --profile.',
  },
  {
    flag: 'follow',
    written: '--follow',
    why: 'only the workflow of a stack has runs to follow',
    hint: 'Name the stack with --stack.',
  },
  ...(['profile', 'region'] as const).map((flag) => ({
    flag,
    written: `--${flag}`,
    why: 'AWS is not asked about a local record',
    hint: `Name the stack with --stack, or leave out --${flag}.`,
    only: ['explain', 'verify', 'replay', 'rebuild'],
  })),
];

/**
 * Throws `usage` for flags that do not go together.
 * @param command the last word of the command, such as `activate`.
 */
export function refuseMixedFlags(command: string, flags: MixedFlags): void {
  const isDeployed = flags.stack !== undefined;
  const clash = (isDeployed ? BESIDE_STACK : WITHOUT_STACK).find(
    (each) => isGiven(flags[each.flag]) && concerns(each, command),
  );
  if (clash === undefined) return;
  throw new JanitorError(
    isDeployed
      ? `--stack and ${clash.written} do not go together: ${clash.why}`
      : `${clash.written} needs --stack: ${clash.why}`,
    { code: 'usage', source: 'user', hint: clash.hint },
  );
}

function isGiven(value: MixedFlags[keyof MixedFlags]): boolean {
  return value !== undefined && value !== false;
}

function concerns({ except, only }: Clash, command: string): boolean {
  return except?.includes(command) !== true && only?.includes(command) !== false;
}
