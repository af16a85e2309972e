import type { FunctionName, MemberPurpose } from '../../lib/infrastructure/names.ts';
import { FUNCTION_NAMES, MEMBER_PURPOSES } from '../../lib/infrastructure/names.ts';

/** Whose rights a call was made with. */
export type Signer =
  | { readonly kind: 'function'; readonly name: FunctionName }
  | {
      readonly kind: 'member';
      readonly purpose: MemberPurpose;
      readonly accountId: string;
      /** The function whose session it is. */
      readonly by: FunctionName;
      /** What narrows the session, as it was sent. */
      readonly sessionPolicy: string | undefined;
    }
  /** A person with a break-glass role. */
  | { readonly kind: 'grant' }
  /** Whoever sets the scene. */
  | { readonly kind: 'administrator' }
  /** The key of a user, with whatever rights the user has; the embedded AWS checks the signature. */
  | { readonly kind: 'user' };

const LENT = /^arn:aws:iam::\d{12}:role\/janitor\/break-glass\//;
const ROLE = /^arn:aws:iam::(\d{12}):role\/(?:[\w-]+\/)*credential-janitor-([\w-]+)$/;

/** Who holds which session: learnt from every AssumeRole that STS answered. */
export class Signers {
  readonly #sessions = new Map<string, { readonly token: string; readonly signer: Signer }>();

  of(accessKeyId: string, token: string | undefined): Signer | undefined {
    if (accessKeyId.startsWith('ASIABOOT')) return { kind: 'administrator' };
    if (accessKeyId.startsWith('AKIA') && token === undefined) return { kind: 'user' };
    const session = this.#sessions.get(accessKeyId);
    return session !== undefined && session.token === token ? session.signer : undefined;
  }

  learn(input: URLSearchParams, answer: string, caller: Signer): void {
    const [, accountId = '', role = ''] = ROLE.exec(input.get('RoleArn') ?? '') ?? [];
    const signer: Signer | undefined = LENT.test(input.get('RoleArn') ?? '')
      ? { kind: 'grant' }
      : signerOf(accountId, role, caller, input.get('Policy') ?? undefined);
    const accessKeyId = within(answer, 'AccessKeyId');
    if (signer !== undefined)
      this.#sessions.set(accessKeyId, { token: within(answer, 'SessionToken'), signer });
  }
}

function signerOf(
  accountId: string,
  role: string,
  caller: Signer,
  sessionPolicy: string | undefined,
): Signer | undefined {
  const name = FUNCTION_NAMES.find((each) => each === role);
  if (name !== undefined) return { kind: 'function', name };
  const purpose = MEMBER_PURPOSES.find((each) => `member-${each}` === role);
  if (purpose === undefined || caller.kind !== 'function') return undefined;
  return { kind: 'member', purpose, accountId, by: caller.name, sessionPolicy };
}

function within(xml: string, element: string): string {
  const [, text = ''] = new RegExp(`<${element}>([^<]+)</${element}>`).exec(xml) ?? [];
  return text;
}
