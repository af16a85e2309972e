import { TagUserCommand } from '@aws-sdk/client-iam';
import { challengeState, foldChallenge } from '../../lib/domain/challenge.ts';
import { type Exception, foldException } from '../../lib/domain/exception.ts';
import { type Fact, known } from '../../lib/domain/fact.ts';
import type { Conditions, RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import {
  exceptionEffect,
  exceptionReview,
  executeRequest,
  type RequestsContext,
  submitRequest,
} from '../../lib/requests/index.ts';
import { type HoldContext, holdForException, type SweepResult, sweepAccount } from '../../lib/sweep/index.ts';
import { by, rules, SERVICE } from '../requests/ground.ts';
import { actorOf } from '../world/people.ts';
import { Ground, type Key } from './ground.ts';
import { KEY_RULE } from './ground-policy.ts';

/** The other rule of these tests: keys that are old, whether they are used or not. */
export const OLD_RULE = 'access-key-old';
export const REQUEST_ID = 'request-0001';

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin'];

type Ticket = Fact<'open' | 'closed'>;

/** An account under two rules, people who ask, and a ticket system. */
export class ExceptionScene {
  readonly ground: Ground;
  readonly key: Key;
  /** What the ticket system says; and how often it was asked. */
  ticket: Ticket | undefined;
  asked = 0;

  private constructor(ground: Ground) {
    this.ground = ground;
    this.key = ground.key({ user: 'deployer', tags: { project: 'atlas' } });
  }

  /** A key of dave's that two rules match, both of which warned of its disabling 15 days ago: it is due. */
  static async due(): Promise<ExceptionScene> {
    const scene = await ExceptionScene.warned();
    await scene.ground.wait(15);
    return scene;
  }

  static async warned(only?: typeof KEY_RULE): Promise<ExceptionScene> {
    const old = { why: 'Old keys leak.', credential: 'access-key', match: { age: '90d' } };
    const ground = await Ground.create(only === undefined ? { rules: { [OLD_RULE]: old } } : {});
    const scene = new ExceptionScene(ground);
    await scene.sweep();
    return scene;
  }

  requests(): RequestsContext {
    const { clock, ledger } = this.ground.desk('alice');
    const hash = this.ground.policy.policy.hash;
    const routineMs = { exception: 90 * DAY_MS, extension: 90 * DAY_MS };
    const challenges = { group: 'security', members: ['alice', 'bob'], decideWithinMs: 5 * DAY_MS };
    const overrides = { policyHash: hash, people: PEOPLE, routineMs, challenges };
    return { clock, ledger, rules: rules(overrides) };
  }

  /** What the API's service places and lifts holds with. */
  service(): HoldContext {
    const { record, clock, policy } = this.ground.desk('alice');
    return { record, clock, policy, actor: SERVICE };
  }

  ticketOf = async (): Promise<Ticket> => {
    this.asked += 1;
    return this.ticket ?? known('open', this.ground.now(), 'ticket system');
  };

  sweep = async (enforce = true): Promise<SweepResult> => {
    const context = await this.ground.context();
    const actor = actorOf('robot');
    const exceptions = exceptionReview(this.requests(), { actor, ticketOf: this.ticketOf });
    return sweepAccount({ ...context, exceptions }, { enforce });
  };

  async ask(requestId: string, ask: RequestContent['ask'], days = 60): Promise<void> {
    const submitted = await submitRequest(this.requests(), {
      requestId,
      requester: by(actorOf('erin')),
      content: {
        ask,
        reasonKind: 'migration',
        businessOwner: 'carol',
        reason: 'the migration needs it',
        ticket: 'OPS-7',
        endsAt: plus(this.ground.now(), days * DAY_MS),
      },
      facts: { beneficiaries: ['dave'] },
    });
    if (submitted.outcome !== 'recorded') throw new Error(submitted.outcome);
  }

  execute(requestId: string) {
    const effect = exceptionEffect(this.requests(), {
      actor: SERVICE,
      owner: 'dave',
      takeEffect: async (id, exception) => {
        await holdForException(this.service(), id, exception);
      },
    });
    return executeRequest(this.requests(), { requestId, actor: SERVICE, effect });
  }

  /** An exception from the rule on idle keys, asked for, pre-approved and carried out. */
  async except(conditions: Conditions, days = 60): Promise<void> {
    const scope = { credentialId: this.key.id, rules: [KEY_RULE] };
    await this.ask(REQUEST_ID, { kind: 'exception', scope, while: conditions }, days);
    const executed = await this.execute(REQUEST_ID);
    if (!executed.ok || executed.state !== 'done') throw new Error(JSON.stringify(executed));
  }

  async exception(id = REQUEST_ID): Promise<Exception> {
    const folded = foldException(await this.requests().ledger.chain(`exception#${id}`));
    if (folded === undefined) throw new Error(`there is no exception ${id}`);
    return folded;
  }

  async challenge(id: string) {
    const challenge = foldChallenge(await this.requests().ledger.chain(`challenge#${id}`));
    if (challenge === undefined) throw new Error(`there is no challenge ${id}`);
    return { challenge, state: challengeState(challenge, this.ground.now()) };
  }

  /** Somebody in the account changes a tag of the user. */
  async tag(Key: string, Value: string): Promise<void> {
    const { clients } = await this.ground.context({ process: 'owner' });
    await clients.iam.send(new TagUserCommand({ UserName: this.key.user, Tags: [{ Key, Value }] }));
  }

  /** What was done to the key by the janitor: `disable access-key-old`, oldest first. */
  deeds(): string[] {
    return this.ground
      .of('step.done')
      .filter(({ subject }) => subject === `credential#${this.key.id}`)
      .map(({ rule, data }) => `${data.change} ${rule}`);
  }
}
