import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { credentialOfSubject, subjects } from '../../lib/domain/subject.ts';
import { isSweep, manifestOf, readManifest } from '../../lib/ledger/index.ts';
import { replacedOnRequest, whoIsLetIn } from './asked-tests.ts';
import { forbidWriting } from './buckets.ts';
import type { Ended } from './command-line.ts';
import type { Execution } from './deployed-hub.ts';
import { DeployedWorld, PLANTED, STACK } from './deployed-world.ts';
import { lentAndGivenBack, lentForAMinute, MINUTE } from './lent-tests.ts';
import { listenTo } from './listener.ts';
import { HUB, seedUser } from './organisation.ts';
import { report } from './report.ts';
import { birthOf, bounceOf } from './service-events.ts';
import { stackStatus, unprotect } from './stacks.ts';
import { type StoredKey, seedStoredKey } from './stored-key.ts';
import { until } from './until.ts';
import { DELIVERY_MS, ROTATION_MS, SCHEDULED_RUN_MS } from './waits.ts';

/** Tests of one deployment, in the order of its life: each goes on where the one before it ended. */
describe('the hub, deployed from nothing', () => {
  let world: DeployedWorld;
  let scheduled: Execution;
  let stored: StoredKey | undefined;

  beforeAll(async () => {
    world = await DeployedWorld.deploy();
  }, 400_000);
  afterAll(() => world?.end());

  const said = (events: readonly LedgerEvent[]) =>
    events.map(({ subject, seq, type }) => `${subject} ${seq} ${type}`);
  const runOf = async (name: string) => {
    const events = await world.hub.events();
    const finished = events.find((event) => event.type === 'run.finished' && event.data.runId === name);
    if (finished?.type !== 'run.finished') throw new Error(`run ${name} did not finish`);
    return finished.data;
  };

  it('the schedule fires the workflow, which succeeds', { timeout: SCHEDULED_RUN_MS + 10_000 }, async () => {
    scheduled = await world.hub.bySchedule(SCHEDULED_RUN_MS);
    report(`the schedule started ${scheduled.name} for ${scheduled.input.scheduledAt}: ${scheduled.status}`);
    expect([scheduled.status, scheduled.trouble]).toEqual(['SUCCEEDED', '']);
  });

  it('it swept the hub and, through AssumeRole, the member; the ledger verifies (G7)', async () => {
    const events = await world.hub.events();
    report(`the ledger holds:\n  ${said(events).join('\n  ')}`);
    const { member } = world.organisation;
    const sweeps = events.filter(isSweep).filter(({ data }) => data.sweepId !== '');
    expect(sweeps.map(({ data }) => data.accountId).toSorted()).toEqual([HUB, member].toSorted());
    expect(sweeps.map(({ data }) => [data.complete, data.problems])).toEqual([
      [true, 0],
      [true, 0],
    ]);
    expect(await world.hub.verify()).toMatchObject({ ok: true, sweeps: 2, problems: [], repairable: [] });
  });

  it('accounts that are closed or do not let it in are reported and fail nothing', async () => {
    const { stranger, suspended } = world.organisation;
    const run = await runOf(scheduled.name);
    expect(run).toMatchObject({ accounts: 4, swept: 2, incomplete: 0, notSwept: 2, actions: {} });
    expect(Object.fromEntries(run.examples.map(({ accountId, status }) => [accountId, status]))).toEqual({
      [stranger]: 'unreachable',
      [suspended]: 'skipped',
    });
  });

  it('state and manifest hold what was found, and nowhere a secret value', async () => {
    const { member } = world.organisation;
    const names: string[] = [];
    for await (const item of world.hub.state.ofAccount(member))
      names.push(item.credentialId.split('/').at(-1) ?? '');
    expect(names).toContain(world.staleKey);
    const sweep = await world.hub.ledger.head(subjects.sweep(member));
    const reference = sweep === undefined ? undefined : manifestOf(sweep);
    if (reference === undefined) throw new Error('the sweep refers to no manifest');
    const manifest = await readManifest(world.hub.evidence, reference);
    const lines: unknown[] = [];
    for await (const line of manifest.lines) lines.push(line);
    const text = JSON.stringify(lines);
    expect(text).toContain(world.staleKey);
    expect(text).not.toContain(PLANTED);
    expect(await manifest.footer()).toMatchObject({ complete: true });
  });

  it('an observing run tells nobody and changes nothing (G8)', async () => {
    expect(await world.mails()).toEqual([]);
    expect(await world.tagsOf(world.organisation.member, 'stale')).toEqual({ owner: 'ana' });
  });

  it('the same firing once more is a duplicate and ends at once', async () => {
    const before = (await world.hub.events()).filter(isSweep).length;
    const again = await world.hub.run(scheduled.input);
    expect(again).toMatchObject({ status: 'SUCCEEDED', output: { status: 'duplicate', of: scheduled.name } });
    expect((await world.hub.events()).filter(isSweep)).toHaveLength(before);
  });

  const lent = lentForAMinute(() => world);
  lent.taken();

  it('a redeployment keeps tables and data', { timeout: 240_000 }, async () => {
    const before = await world.hub.events();
    await world.cdk.deploy(
      world.configuration({ schedule: { expression: 'rate(1 minute)', flexibleMinutes: 1, enabled: false } }),
    );
    expect(said(await world.hub.events())).toEqual(expect.arrayContaining(said(before)));
    expect(await world.hub.verify()).toMatchObject({ ok: true });
  });

  describe('people', () => {
    whoIsLetIn(() => world);

    it('an operator activates the deployed policy, in her own name (G1)', async () => {
      const { exit, stderr } = await world.janitor(
        'ana',
        'policy',
        'activate',
        '--policy',
        world.policyFolder,
      );
      expect([exit, stderr]).toEqual([0, expect.any(String)]);
      const [event] = await world.hub.ledger.chain(subjects.activation);
      expect(event).toMatchObject({
        type: 'policy.activated',
        actor: { kind: 'person', person: 'ana', arn: `arn:aws:iam::${HUB}:user/people/ana` },
      });
    });

    it('an auditor verifies the record with rights to read it, and starts nothing', async () => {
      const verified = await world.janitor('ben', 'ledger', 'verify');
      expect(verified.exit).toBe(0);
      expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true });
      const refused = await world.janitor('ben', 'sweep');
      expect([refused.exit, refused.stderr]).toEqual([4, expect.stringContaining('states:StartExecution')]);
    });
  });

  describe('a run that may act, started and followed by an operator', () => {
    let ended: Ended;
    let heard: () => Promise<string[]>;
    beforeAll(async () => {
      heard = await listenTo(world.ministack, STACK);
      ended = await world.janitor('ana', 'sweep', '--enforce', '--yes');
    }, 120_000);

    it('ends with one document of what came of it; exit 4, since two accounts were not swept', () => {
      expect(ended.exit).toBe(4);
      expect(JSON.parse(ended.stdout)).toMatchObject({
        enforce: true,
        trigger: 'person',
        swept: 2,
        notSwept: 2,
        actions: { 'notify:notified': 1, 'tag:done': 2 },
      });
    });

    it('tells the owner by mail, and records that it was accepted (I3)', async () => {
      const mails = (await world.mails()).filter(({ text }) => !text.includes(MINUTE));
      expect(mails.map(({ to }) => to)).toEqual(['ana@example.com']);
      expect(mails[0]?.text).toContain(world.staleKey);
      const chain = await world.hub.ledger.chain(subjects.notices(world.organisation.member));
      expect(chain.map(({ type }) => type)).toEqual([
        'notice.prepared',
        'notice.accepted',
        'notice.recorded',
      ]);
    });

    it('labels through the tagging role, in the account that the policy names alone (I1)', async () => {
      const { member } = world.organisation;
      expect(Object.keys(await world.tagsOf(member, 'stale'))).toContain(`janitor:${world.staleKey}`);
      expect(await world.tagsOf(HUB, 'deployer')).toEqual({});
      const events = await world.hub.events();
      const steps = events.filter(({ subject }) => credentialOfSubject(subject)?.endsWith(world.staleKey));
      expect(steps.map(({ type }) => type)).toEqual(expect.arrayContaining(['step.intended', 'step.done']));
      expect(await world.hub.verify()).toMatchObject({ ok: true });
    });

    it('operators hear of the run on their topic, integrations of the notice on the bus', async () => {
      const messages = await until('both were delivered', DELIVERY_MS, async () => {
        const now = await heard();
        return now.length > 1 ? now : undefined;
      });
      expect(messages.filter((text) => text.includes('Credential Janitor Notice'))).toHaveLength(1);
      expect(
        messages.filter((text) => text.includes('of 4 accounts swept') || text.startsWith('Run ')),
      ).toHaveLength(1);
    });

    it('a bounce that SES reports is recorded', { timeout: DELIVERY_MS + 10_000 }, async () => {
      const [prepared] = await world.hub.ledger.chain(subjects.notices(world.organisation.member));
      if (prepared?.type !== 'notice.prepared') throw new Error('no notice was prepared');
      await world.ministack.emit(HUB, bounceOf(prepared.data.noticeId));
      const bounced = await until('the bounce is recorded', DELIVERY_MS, async () => {
        const chain = await world.hub.ledger.chain(subjects.notices(world.organisation.member));
        return chain.find(({ type }) => type === 'notice.bounced');
      });
      expect(bounced.data).toEqual({ noticeId: prepared.data.noticeId });
    });
  });

  it('a member whose function fails to the end is reported and fails nothing', {
    timeout: 120_000,
  }, async () => {
    const { member } = world.organisation;
    const allow = await forbidWriting(world.ministack, world.hub.outputs.WorkBucket, member);
    const run = await world.hub.run({ trigger: 'person', enforce: false });
    await allow();
    expect(run.status).toBe('SUCCEEDED');
    const { examples, swept } = await runOf(run.name);
    expect([swept, examples.find(({ accountId }) => accountId === member)?.status]).toEqual([1, 'failed']);
    expect(await world.hub.verify()).toMatchObject({ ok: true });
  });

  it('and the next run sweeps it again', { timeout: 60_000 }, async () => {
    const run = await world.hub.run({ trigger: 'person', enforce: false });
    expect(await runOf(run.name)).toMatchObject({ swept: 2, notSwept: 2 });
  });

  it('a key is labelled right after its birth', { timeout: DELIVERY_MS + 10_000 }, async () => {
    const { member } = world.organisation;
    const { accessKeyId } = await seedUser(world.ministack, member, { name: 'newborn' });
    await world.ministack.emit(member, birthOf(member, 'newborn', accessKeyId));
    const tags = await until('the newborn key is labelled', DELIVERY_MS, async () => {
      const now = await world.tagsOf(member, 'newborn');
      return `janitor:${accessKeyId}` in now ? now : undefined;
    });
    expect(tags[`janitor:${accessKeyId}`]).toContain('owner=ana');
  });

  it('Secrets Manager has the function replace a key in a secret; the one before it stays in force', {
    timeout: 90_000,
  }, async () => {
    stored = await seedStoredKey(world.ministack);
    await stored.rotate(ROTATION_MS);
    const current = await stored.current();
    expect(await stored.keys()).toEqual(
      [`${stored.old.accessKeyId} Active`, `${current.accessKeyId} Active`].toSorted(),
    );
    for (const key of [current, stored.old]) {
      expect(await stored.signedBy(key)).toBe(`arn:aws:iam::${HUB}:user/ci/rotated`);
    }
    const told = await until('the rotation is recorded', DELIVERY_MS, async () => {
      const events = (await world.hub.events()).filter(({ type }) => type.startsWith('rotation.'));
      return events.some(({ type }) => type === 'rotation.finished') ? events : undefined;
    });
    expect(told.map(({ subject, type }) => `${subject.split('/').at(-1)} ${type}`).toSorted()).toEqual(
      ['rotation.begun', 'rotation.finished', 'rotation.key-created'].map(
        (type) => `${stored?.old.accessKeyId} ${type}`,
      ),
    );
    expect(await world.hub.verify()).toMatchObject({ ok: true });
  });

  replacedOnRequest(() => world);
  lentAndGivenBack(() => world);
  lent.ended();

  it('a halt stops acting, and takes another person to lift (G20)', { timeout: 60_000 }, async () => {
    const halted = await world.janitor('ana', 'halt', '--all', '--reason', 'trying it');
    expect(halted.exit).toBe(0);
    const same = await world.janitor('ana', 'resume', '--all', '--reason', 'trying it');
    expect([same.exit, same.stderr]).toEqual([5, expect.stringContaining('same-person-may-not-resume')]);
    expect(
      (await world.hub.ledger.chain(subjects.halts)).map(({ type, actor }) => [type, actor.person]),
    ).toEqual([['halt.placed', 'ana']]);
  });

  it('functions say what they did as JSON, and nowhere a secret value', async () => {
    const lines = await world.ministack.functionLogs(HUB);
    const messages = lines.flatMap(
      (line) => /"message":"(run|decided|acted|finished)"/.exec(line)?.[1] ?? [],
    );
    expect(new Set(messages)).toEqual(new Set(['run', 'decided', 'acted', 'finished']));
    const planted = [PLANTED, stored?.old.secretAccessKey, (await stored?.current())?.secretAccessKey];
    const record = (await world.hub.events()).map((event) => JSON.stringify(event));
    for (const secret of planted) {
      if (secret === undefined) throw new Error('no key was rotated');
      expect([...lines, ...record].filter((line) => line.includes(secret))).toEqual([]);
    }
  });

  it('deleting the stack is refused; without that protection it goes and the record stays', {
    timeout: 90_000,
  }, async () => {
    await expect(world.cdk.destroy()).rejects.toThrow(/TerminationProtection/i);
    const before = await world.hub.events();
    await unprotect(world.ministack, STACK);
    await world.cdk.destroy();
    expect(await stackStatus(world.ministack, STACK)).toBe('DELETE_COMPLETE');
    expect(said(await world.hub.events())).toEqual(said(before));
    expect(await world.hub.verify()).toMatchObject({ ok: true });
  });
});
