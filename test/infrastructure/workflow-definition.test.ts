import { describe, expect, it } from 'vitest';
import { sweepDefinition } from '../../lib/infrastructure/workflow/definition.ts';
import type { State } from '../../lib/infrastructure/workflow/states-language.ts';
import { LEASE_MS, TAKEOVER_MARGIN_MS } from '../../lib/sweep/lease.ts';

const functions = {
  listAccounts: 'list-accounts',
  decideAccount: 'decide-account',
  allotSteps: 'allot-steps',
  actOnAccount: 'act-on-account',
  finishRun: 'finish-run',
};
const definition = sweepDefinition({ functions, workBucket: 'work', concurrency: 40, enforce: false });

/** Every state with its name, those of the maps' children included. */
function everyState(states: Readonly<Record<string, State>>): [name: string, state: State][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state],
    ...(state.ItemProcessor === undefined ? [] : everyState(state.ItemProcessor.States)),
  ]);
}
const states = everyState(definition.States);
const tasks = states.filter(([, { Type }]) => Type === 'Task');
const maps = states.filter(([, { Type }]) => Type === 'Map');

describe('the workflow of a sweep', () => {
  it('goes from list over decide, the barrier and act to finish', () => {
    expect(Object.keys(definition.States)).toEqual([
      'NameRun',
      'ListAccounts',
      'IsDuplicate',
      'AlreadyRun',
      'DecideAccounts',
      'AllotSteps',
      'IsAnythingDue',
      'ActOnAccounts',
      'FinishRun',
    ]);
  });

  it('every state that is named exists, and every state is reached', () => {
    const targets = (state: State) => [
      state.Next,
      state.Default,
      ...(state.Choices ?? []).map(({ Next }) => Next),
      ...(state.Catch ?? []).map(({ Next }) => Next),
    ];
    const machines = [definition, ...maps.map(([, { ItemProcessor }]) => ItemProcessor)];
    for (const machine of machines) {
      const { StartAt, States } = machine ?? { StartAt: '', States: {} };
      const named = [StartAt, ...Object.values(States).flatMap(targets)].filter((name) => name !== undefined);
      expect(new Set(named)).toEqual(new Set(Object.keys(States)));
    }
  });

  it('nothing waits for ever: each task and the whole have a time limit', () => {
    expect(tasks).toHaveLength(5);
    for (const [name, { TimeoutSeconds }] of tasks)
      expect([name, TimeoutSeconds]).toEqual([name, expect.any(Number)]);
    expect(definition.TimeoutSeconds).toBeLessThan(86_400);
  });

  it('each task is tried again with growing, scattered pauses', () => {
    for (const [, { Retry = [] }] of tasks) {
      expect(Retry.slice(-2)).toMatchObject([
        { ErrorEquals: expect.arrayContaining(['Lambda.TooManyRequestsException']), JitterStrategy: 'FULL' },
        { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], MaxAttempts: 3, JitterStrategy: 'FULL' },
      ]);
    }
  });

  it('what another attempt would meet again is not tried again', () => {
    for (const [, { Retry = [] }] of tasks) {
      expect(Retry[0]).toEqual({
        ErrorEquals: ['EventInvalid', 'PolicyInvalid', 'EnvironmentInvalid'],
        MaxAttempts: 0,
      });
    }
  });

  it('an account that another sweep holds is waited for until the lease of one that died has run out', () => {
    for (const name of ['Decide', 'Act']) {
      const [, held] = tasks.find(([each]) => each === name)?.[1].Retry ?? [];
      expect(held).toMatchObject({ ErrorEquals: ['LeaseHeld'], BackoffRate: 1 });
      const waitsMs = (held?.IntervalSeconds ?? 0) * (held?.MaxAttempts ?? 0) * 1_000;
      expect(waitsMs).toBeGreaterThan(LEASE_MS + TAKEOVER_MARGIN_MS);
    }
  });

  it('G21 one account never fails the rest: it is caught, and even what cannot be caught is tolerated', () => {
    for (const [, map] of maps) expect(map.ToleratedFailurePercentage).toBe(100);
    for (const name of ['Decide', 'Act']) {
      const task = tasks.find(([each]) => each === name)?.[1];
      expect(task?.Catch).toEqual([
        { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: `${name}Failed` },
      ]);
    }
  });

  it('a run that acts is bounded: so many accounts at once', () => {
    expect(maps.map(([, { MaxConcurrency }]) => MaxConcurrency)).toEqual([40, 40]);
  });

  it('functions get exactly the fields of their events', () => {
    const payload = (name: string) =>
      Object.keys(tasks.find(([each]) => each === name)?.[1].Parameters?.Payload ?? {});
    expect(payload('Decide')).toEqual(['runId.$', 'accountId.$', 'enforce.$', 'member.$']);
    expect(payload('Act')).toEqual(['runId.$', 'accountId.$', 'enforce.$', 'allowance.$']);
    expect(payload('AllotSteps')).toEqual(['runId.$']);
    expect(payload('FinishRun')).toEqual(['runId.$']);
  });

  it('an account that asks to go on is called again with the same event', () => {
    for (const name of ['Decide', 'Act']) {
      expect(states.find(([each]) => each === `${name}OnceMore`)?.[1]).toMatchObject({
        Choices: [{ Variable: '$.result.answer.status', StringEquals: 'continue', Next: name }],
        Default: `${name}Done`,
      });
    }
  });

  it('whoever starts it may say whether to act; who does not gets what the stack is deployed with', () => {
    const defaults = (enforce: boolean) =>
      sweepDefinition({ functions, workBucket: 'work', concurrency: 1, enforce }).States.NameRun?.Parameters;
    expect(defaults(false)).toMatchObject({ defaults: { enforce: false } });
    expect(defaults(true)).toMatchObject({ defaults: { enforce: true } });
  });

  it('the run is named by its execution whatever the input says: a redrive keeps it', () => {
    expect(definition.States.ListAccounts?.Parameters).toMatchObject({
      'Payload.$': 'States.JsonMerge(States.JsonMerge($.defaults, $.said.input, false), $.name, false)',
    });
  });
});
