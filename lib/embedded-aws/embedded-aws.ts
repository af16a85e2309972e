import type { HttpHandler } from '@smithy/core/protocols';
import { JanitorError } from '../domain/error.ts';
import { type ServeOptions, serve } from './dispatch.ts';
import type { EmbeddedDynamo } from './dynamo/embedded-dynamo.ts';
import { EmbeddedAccount } from './embedded-account.ts';
import { type Admission, admit, type Door } from './gateway.ts';
import type { RotationFunctions } from './secrets/rotation-functions.ts';
import { type RotationInvocation, runRotations } from './secrets/run-rotations.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import { inProcessHandler } from './transport/in-process.ts';
import type { SignedRequest } from './transport/signature.ts';
import { wrappedHandler } from './transport/wrapped-handler.ts';
import type { WireRequest, WireResponse } from './wire.ts';
import type { WorldClock } from './world/clock.ts';
import type { Delivery } from './world/delivery.ts';
import { FaultPlan } from './world/faults.ts';
import type { CallLog, ChangeLog } from './world/logs.ts';
import { type EmbeddedAwsOptions, World } from './world/world.ts';

/**
 * An AWS in this process: IAM, STS, Secrets Manager and Account on their real wire protocols, for the demo,
 * tests, benchmarks and the simulation. Deterministic: the same seed, clock and calls give the same answers.
 * Secret values and secret access keys live in its memory only, never in its logs or snapshots.
 */
export class EmbeddedAws {
  readonly clock: WorldClock;
  readonly faults: FaultPlan;
  readonly calls: CallLog;
  readonly changes: ChangeLog;
  /** What stands for the Lambda functions of rotations, by ARN; `runRotations` calls them. */
  readonly rotationFunctions: RotationFunctions;
  readonly #world: World;

  constructor(options: EmbeddedAwsOptions = {}) {
    const faults: FaultPlan = new FaultPlan((handler, wrap) => wrappedHandler(world, handler, wrap));
    const world: World = new World(options, faults);
    this.#world = world;
    this.clock = world.clock;
    this.faults = world.faults;
    this.calls = world.calls;
    this.changes = world.changes;
    this.rotationFunctions = world.rotationFunctions;
  }

  /** Gets or creates an account of the world's organisation. Throws `account-id-invalid`. */
  account(accountId: string): EmbeddedAccount {
    if (!/^\d{12}$/.test(accountId)) {
      throw new JanitorError(`"${accountId}" is not an account id`, {
        code: 'account-id-invalid',
        source: 'user',
        hint: 'An account id has 12 digits; keep it as text.',
      });
    }
    return new EmbeddedAccount(this.#world, this.#world.account(accountId));
  }

  /**
   * An SDK `requestHandler` without sockets. All requests through one process name die together on a crash
   * fault; default process `main`. With `dynamo` it serves DynamoDB too.
   */
  requestHandler(options: { readonly process?: string; readonly dynamo?: EmbeddedDynamo } = {}): HttpHandler {
    const { process = 'main', dynamo } = options;
    const verify = this.#world.options.verifySignatures === true;
    return inProcessHandler(process, (request) => this.serve(request, { process, verify, dynamo }));
  }

  /** One request, for transports. */
  serve(request: WireRequest, options: ServeOptions): Promise<Delivery<WireResponse>> {
    return serve(this.#world, request, options);
  }

  /** Who signed a request to an API with IAM authorisation, or how API Gateway refuses it. */
  admit(door: Door, request: SignedRequest): Promise<Admission> {
    return admit(this.#world, door, request);
  }

  /**
   * What Secrets Manager does in the background at this instant: starts rotations whose schedule is due and calls the
   * registered functions of those that wait, step by step. Nothing calls it but whoever moves the clock.
   */
  runRotations(): Promise<RotationInvocation[]> {
    return runRotations(this.#world);
  }

  /** All durable state in a canonical order, without secret values, to compare worlds. */
  snapshot(): Snapshot {
    return snapshotOf(this.#world);
  }
}
