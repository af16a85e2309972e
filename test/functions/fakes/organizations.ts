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
const describeInput = z.strictObject({ AccountId: z.string() });
const OPERATIONS = ['DescribeAccount', 'ListAccounts'];

/** AWS Organizations as far as accounts go: listed one a page, with an empty page in between, or looked up. */
export class FakeOrganizations implements FakeService {
  readonly #accounts: readonly MemberAccount[];

  constructor(accounts: readonly MemberAccount[]) {
    this.#accounts = accounts;
  }

  operationOf(request: FakeRequest): string | undefined {
    return OPERATIONS.find((each) => each === targetOf(request, 'AWSOrganizationsV20161128'));
  }

  answer(operation: string, { body }: FakeRequest): FakeAnswer {
    if (operation === 'DescribeAccount') return this.#describe(JSON.parse(body.toString()));
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

  #describe(body: unknown): FakeAnswer {
    const { AccountId } = describeInput.parse(body);
    const found = this.#accounts.find(({ id }) => id === AccountId);
    if (found === undefined) {
      return jsonError(400, 'AccountNotFoundException', 'You specified an account that does not exist.');
    }
    return json(200, { Account: { Id: found.id, State: found.state } });
  }
}
