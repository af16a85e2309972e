import { JanitorError } from '../domain/error.ts';

/** Flags that exclude or need each other, of whichever command has them. */
export interface MixedFlags {
  readonly stack?: string | undefined;
  readonly api?: string | undefined;
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

/** A served or deployed janitor has its own record, clock and policy, wherever it is. */
const BESIDE_API: readonly Clash[] = [
  {
    flag: 'stack',
    written: '--stack',
    why: 'they name two different janitors',
    hint: 'Leave out --stack or --api; without both the local record is asked.',
  },
  {
    flag: 'stateDir',
    written: '--state-dir',
    why: 'they name two different records',
    hint: 'Leave out --state-dir for the record behind the API, or --api for the local one.',
  },
  {
    flag: 'now',
    written: '--now',
    why: 'a served janitor lives when it lives, and so does its record',
    hint: 'Leave out --now; to ask the local record, name it with --state-dir.',
  },
  {
    flag: 'policy',
    written: '--policy',
    why: 'a served janitor judges by the policy it was started with',
    hint: 'Leave out --policy; to ask the local record, name it with --state-dir.',
    except: ['activate'],
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
 * @param api how the address of an API was given.
 */
export function refuseMixedFlags(command: string, flags: MixedFlags, api: '--api' | 'JANITOR_API'): void {
  const { clashes, says } = judged(flags, api);
  const clash = clashes.find((each) => isGiven(flags[each.flag]) && concerns(each, command));
  if (clash === undefined) return;
  throw new JanitorError(says(clash), { code: 'usage', source: 'user', hint: clash.hint });
}

/** Which flags clash with where the command works, and how that is said. */
function judged(flags: MixedFlags, api: string) {
  const beside = (place: string) => (clash: Clash) =>
    `${place} and ${clash.written} do not go together: ${clash.why}`;
  if (flags.api !== undefined) return { clashes: BESIDE_API, says: beside(api) };
  if (flags.stack !== undefined) return { clashes: BESIDE_STACK, says: beside('--stack') };
  return {
    clashes: WITHOUT_STACK,
    says: (clash: Clash) => `${clash.written} needs --stack: ${clash.why}`,
  };
}

function isGiven(value: MixedFlags[keyof MixedFlags]): boolean {
  return value !== undefined && value !== false;
}

function concerns({ except, only }: Clash, command: string): boolean {
  return except?.includes(command) !== true && only?.includes(command) !== false;
}
