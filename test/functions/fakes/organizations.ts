import * as z from 'zod';
import {
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
  json,
  jsonError,
  targetOf,
} from './exchange.ts';

export interface MemberAccount {
  readonly id: string;
  /** ACTIVE, SUSPENDED, PENDING_CLOSURE and so on. */
  readonly state: string;
}

const input = z.strictObject({ NextToken: z.string().optional() });

/** AWS Organizations as far as listing accounts goes: one account a page, and an empty page in between. */
export class FakeOrganizations implements FakeService {
  readonly #accounts: readonly MemberAccount[];

  constructor(accounts: readonly MemberAccount[]) {
    this.#accounts = accounts;
  }

  operationOf(request: FakeRequest): string | undefined {
    return targetOf(request, 'AWSOrganizationsV20161128') === 'ListAccounts' ? 'ListAccounts' : undefined;
  }

  answer(_operation: string, { body }: FakeRequest): FakeAnswer {
    const parsed = input.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) return jsonError(400, 'InvalidInputException', z.prettifyError(parsed.error));
    const page = Number(parsed.data.NextToken ?? 0);
    const account = page % 2 === 0 ? this.#accounts[page / 2] : undefined;
    const isLast = page >= (this.#accounts.length - 1) * 2;
    return json(200, {
      Accounts: account === undefined ? [] : [{ Id: account.id, State: account.state }],
      ...(isLast ? {} : { NextToken: String(page + 1) }),
    });
  }
}
