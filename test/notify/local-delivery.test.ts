import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  broadcast,
  ConsoleDelivery,
  FileDelivery,
  type NoticeDelivery,
  parseNotice,
} from '../../lib/notify/index.ts';
import { NOW } from '../builders/credential.ts';
import { NOTICE_ID, notice, RECIPIENT } from '../builders/notice.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'outbox-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FILE = 'notice_111122223333_7.txt';

describe('mail as files', () => {
  const delivery = () => new FileDelivery({ folder: path.join(folder, 'outbox'), clock: { now: () => NOW } });
  const file = (...parts: string[]) => path.join(folder, 'outbox', ...parts);
  const bounces = async () => {
    const found = [];
    for await (const bounce of delivery().bounces()) found.push(bounce);
    return found;
  };

  test('one file per notice, as it would be sent', async () => {
    expect(await delivery().deliver(notice())).toEqual({ outcome: 'accepted', receipt: FILE });
    expect(await readdir(file())).toEqual([FILE]);
    expect(await readFile(file(FILE), 'utf8')).toBe(
      [
        'Date: Thu, 15 Oct 2026 09:00:00 GMT',
        'From: Credential Janitor',
        'To: Ana Lima <ana@example.com>',
        `Subject: ${notice().subject}`,
        `X-Janitor-Notice-Id: ${NOTICE_ID}`,
        'Content-Type: text/plain; charset=utf-8',
        '',
        notice().text,
      ].join('\n'),
    );
  });

  test('I6: delivered again it stays one file, also after it bounced', async () => {
    await delivery().deliver(notice());
    expect(await delivery().deliver(notice({ text: 'another' }))).toEqual({
      outcome: 'accepted',
      receipt: FILE,
    });
    expect(await readFile(file(FILE), 'utf8')).toContain('please look');
    await mkdir(file('bounced'));
    await rename(file(FILE), file('bounced', FILE));
    await delivery().deliver(notice());
    expect(await readdir(file())).toEqual(['bounced']);
  });

  test('what a crash left half written does not count as delivered', async () => {
    await mkdir(file());
    await writeFile(file(`${FILE}.part`), 'Date: Thu');
    await delivery().deliver(notice());
    expect(await readFile(file(FILE), 'utf8')).toContain('please look');
  });

  test('a label cannot add a header', async () => {
    const recipient = { ...RECIPIENT, label: 'Ana\r\nBcc: all@example.com' };
    await delivery().deliver(notice({ recipient, subject: 'x\nX-Other: y' }));
    const text = await readFile(file(FILE), 'utf8');
    expect(text).toContain('To: Ana Bcc: all@example.com <ana@example.com>\nSubject: x X-Other: y\n');
  });

  test('a recipient without a mail address is refused, as by mail', async () => {
    const result = await delivery().deliver(notice({ recipient: { id: 'bo', label: 'Bo' } }));
    expect(result).toEqual({ outcome: 'refused', reason: 'bo has no mail address in the directory' });
  });

  test('a folder that cannot be written is no answer, and says why', async () => {
    await writeFile(file(), 'a file in its place');
    expect(await delivery().deliver(notice())).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('could not be written'),
    });
  });

  test('a notice id cannot leave the folder', async () => {
    await expect(delivery().deliver(notice({ id: '../../etc/passwd' }))).rejects.toThrow(
      expect.objectContaining({ code: 'notice-id-invalid' }),
    );
  });

  test('a file in bounced marks a bounce, whatever is in it; other files do not', async () => {
    expect(await bounces()).toEqual([]);
    await mkdir(file('bounced'), { recursive: true });
    await writeFile(file('bounced', 'notice_111122223333_12.txt'), '');
    await writeFile(file('bounced', FILE), '');
    await writeFile(file('bounced', '.DS_Store'), '');
    await writeFile(file('bounced', 'read me.txt'), '');
    expect((await bounces()).map(({ noticeId }) => noticeId)).toEqual(['notice/111122223333/12', NOTICE_ID]);
    expect((await bounces())[0]?.reason).toBe('bounced/notice_111122223333_12.txt lies in the outbox');
  });

  test('a bounced that is no folder is told, not taken for "no bounces"', async () => {
    await mkdir(file());
    await writeFile(file('bounced'), '');
    await expect(bounces()).rejects.toThrow(expect.objectContaining({ code: 'outbox-unreadable' }));
  });
});

describe('the console', () => {
  test('prints a notice once', async () => {
    const printed: string[] = [];
    const delivery = new ConsoleDelivery({ write: (text, done) => [printed.push(text), done()] });
    const recipient = { id: 'bo', label: 'Bo\nX' };
    expect(await delivery.deliver(notice({ recipient }))).toEqual({
      outcome: 'accepted',
      receipt: `console:${NOTICE_ID}`,
    });
    await delivery.deliver(notice({ recipient }));
    expect(printed).toEqual([`To: Bo X\nSubject: ${notice().subject}\n\n${notice().text}\n`]);
  });

  test('a stream that is gone is no answer', async () => {
    const delivery = new ConsoleDelivery({ write: (_text, done) => done(new Error('EPIPE')) });
    expect(await delivery.deliver(notice())).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('EPIPE'),
    });
  });
});

describe('broadcast', () => {
  const route = (name: string, answer: () => Awaited<ReturnType<NoticeDelivery['deliver']>>) => {
    const got: string[] = [];
    const delivery: NoticeDelivery = {
      route: name,
      deliver: async ({ id }) => {
        got.push(id);
        return answer();
      },
    };
    return { got, delivery };
  };
  const accepted = () => ({ outcome: 'accepted', receipt: 'r' }) as const;
  const compose = (toOwner: NoticeDelivery, ...integrations: NoticeDelivery[]) => {
    const failures: unknown[] = [];
    const onIntegrationFailure = (failure: unknown) => failures.push(failure);
    return { failures, delivery: broadcast({ toOwner, integrations, onIntegrationFailure }) };
  };

  test("I3: the owner's route alone decides; integrations that fail are reported", async () => {
    const ses = route('ses', accepted);
    const sns = route('sns', () => ({ outcome: 'refused', reason: 'no topic' }));
    const bus = route('eventbridge', () => {
      throw new Error('broken');
    });
    const ok = route('other', accepted);
    const { delivery, failures } = compose(ses.delivery, sns.delivery, bus.delivery, ok.delivery);
    expect(delivery.route).toBe('ses');
    expect(await delivery.deliver(notice())).toEqual({ outcome: 'accepted', receipt: 'r' });
    expect(ok.got).toEqual([NOTICE_ID]);
    expect(failures).toEqual([
      { noticeId: NOTICE_ID, route: 'sns', reason: 'no topic' },
      { noticeId: NOTICE_ID, route: 'eventbridge', reason: 'broken' },
    ]);
  });

  test.each(['refused', 'unknown'] as const)(
    'what the owner did not get (%s) is not announced to anybody',
    async (outcome) => {
      const ses = route('ses', () => ({ outcome, reason: 'no' }));
      const sns = route('sns', accepted);
      const { delivery } = compose(ses.delivery, sns.delivery);
      expect(await delivery.deliver(notice())).toEqual({ outcome, reason: 'no' });
      expect(sns.got).toEqual([]);
    },
  );
});

describe('a stored notice', () => {
  test('is read back as it was', () => {
    expect(parseNotice(JSON.stringify(notice()))).toEqual(notice());
  });

  test.each(['', '{}', JSON.stringify({ ...notice(), html: '<a>' })])(
    '%# that is not one is refused',
    (text) => {
      expect(() => parseNotice(text)).toThrow(expect.objectContaining({ code: 'notice-unreadable' }));
    },
  );
});
