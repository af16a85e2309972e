import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventDraft } from '../domain/event.ts';
import { elapsed, type Instant, instantSchema, isBefore, MINUTE_MS } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { type Appended, DynamoDecisionLedger } from '../ledger/index.ts';

const fileSchema = z.strictObject({ newest: instantSchema });

/**
 * The newest instant recorded in a state folder, kept in a file beside the ledger: finding it in the ledger would
 * take a scan. The file may be a minute behind until `keep`; a missing or unreadable one is no instant at all.
 */
export class NewestInstant {
  readonly #file: string;
  #newest: Instant | undefined;
  #kept: Instant | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#newest = written(file);
    this.#kept = this.#newest;
  }

  get value(): Instant | undefined {
    return this.#newest;
  }

  /** Takes note of an event's instant. */
  raise(at: Instant): void {
    if (this.#newest !== undefined && !isBefore(this.#newest, at)) return;
    this.#newest = at;
    if (this.#kept === undefined || elapsed(this.#kept, at) >= MINUTE_MS) this.keep();
  }

  keep(): void {
    if (this.#newest === undefined || this.#newest === this.#kept) return;
    const beside = `${this.#file}.new`;
    writeFileSync(beside, `${JSON.stringify({ newest: this.#newest })}\n`, { mode: 0o600 });
    renameSync(beside, this.#file);
    this.#kept = this.#newest;
  }
}

function written(file: string): Instant | undefined {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).newest;
  } catch {
    return undefined;
  }
}

/** The ledger of a state folder, which takes note of the newest instant it records. */
export class LocalDecisionLedger extends DynamoDecisionLedger {
  readonly #newest: NewestInstant;

  constructor(table: { readonly client: DynamoDBClient; readonly tableName: string }, newest: NewestInstant) {
    super(table);
    this.#newest = newest;
  }

  override async append(
    subject: string,
    head: Parameters<DynamoDecisionLedger['append']>[1],
    draft: EventDraft,
  ): Promise<Appended> {
    const appended = await super.append(subject, head, draft);
    if (appended.ok) this.#newest.raise(appended.event.at);
    return appended;
  }
}
