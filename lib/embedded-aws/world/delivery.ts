import { setTimeout as sleep } from 'node:timers/promises';
import type { ArrivingCall, Fault } from './faults.ts';
import type { World } from './world.ts';

/** What the caller gets: an answer, or none and why. */
export type Delivery<R> =
  | { readonly kind: 'answer'; readonly response: R }
  | { readonly kind: 'timeout' | 'reset' | 'crash' };

/** A response and how the call log names it: `ok` or the error code. */
export interface Applied<R> {
  readonly response: R;
  readonly outcome: string;
}

/** A call about to happen, whatever its protocol. */
export interface Arrival<R> extends ArrivingCall {
  readonly principalArn: string;
  readonly accessKeyId: string;
  readonly requestId: string;
  apply(): Promise<Applied<R>>;
  /** The answer to a fault that refuses. */
  refuse(fault: Fault): Applied<R>;
}

/** Runs a call through latency, faults and the call log; dead processes get nothing. */
export async function deliver<R>(world: World, arrival: Arrival<R>): Promise<Delivery<R>> {
  const { process } = arrival;
  const { faults } = world;
  if (faults.isDead(process)) return { kind: 'crash' };
  const latency = world.options.latencyMs ?? 0;
  if (latency > 0) await sleep(latency);
  if (faults.isDead(process)) return { kind: 'crash' };
  const fault = faults.next(arrival);
  const isApplied = fault === undefined || fault.effect === 'answer-lost' || fault.effect === 'crash-after';
  if (!isApplied) return withoutApplying(world, arrival, fault);
  const { response, outcome } = await arrival.apply();
  log(world, arrival, fault?.effect ?? outcome);
  if (fault?.effect === 'crash-after') faults.kill(process);
  if (faults.isDead(process)) return { kind: 'crash' };
  return fault === undefined ? { kind: 'answer', response } : { kind: 'reset' };
}

function withoutApplying<R>(world: World, arrival: Arrival<R>, fault: Fault): Delivery<R> {
  if (fault.effect === 'error' || fault.effect === 'throttle') {
    const { response, outcome } = arrival.refuse(fault);
    log(world, arrival, outcome);
    return { kind: 'answer', response };
  }
  log(world, arrival, fault.effect);
  if (fault.effect === 'timeout') return { kind: 'timeout' };
  world.faults.kill(arrival.process);
  return { kind: 'crash' };
}

function log<R>(world: World, arrival: Arrival<R>, outcome: string): void {
  const { process, service, operation, accountId, region, principalArn, accessKeyId, requestId } = arrival;
  world.calls.add({
    process,
    service,
    operation,
    accountId,
    region,
    principalArn,
    accessKeyId,
    at: world.clock.now().toISOString(),
    requestId,
    outcome,
  });
}
