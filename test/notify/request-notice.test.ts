import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { foldChallenge } from '../../lib/domain/challenge.ts';
import type { EventDraft } from '../../lib/domain/event.ts';
import { foldException } from '../../lib/domain/exception.ts';
import { foldRequest, type RequestState, requestState } from '../../lib/domain/request.ts';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import type { ToldAbout } from '../../lib/domain/told-events.ts';
import { type AskedNoticeInput, composeAskedNotice } from '../../lib/notify/index.ts';
import { ASKED_DRAFTS, ASKED_KEY, agent, asker } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf } from '../builders/event.ts';

const BO = { id: 'bo', label: 'Bo Berg', mail: 'bo@example.com' };
const NOTICE = { noticeId: 'notice/asked/1', recipient: BO } as const;
const submitted = ASKED_DRAFTS['request.submitted'];

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the chain does not begin as it must');
  return value;
}

/** A notice about a request that ana asked through an agent, after these events. */
function ofRequest(
  about: ToldAbout,
  { later = [], content = {}, evidence = [] }: Parts = {},
): AskedNoticeInput {
  const { reason, ticket, endsAt, ...data } = content;
  const first = {
    ...submitted,
    actor: agent('planner'),
    ...(reason === undefined ? {} : { reason }),
    data: { ...submitted.data, ...data, onBehalfOf: [asker('ana')], sponsor: 'olga' },
  };
  const record = found(foldRequest(chainOf('request#request-0001', [first, ...later])));
  const state = requestState(record, plus(NOW, DAY_MS));
  return { ...NOTICE, kind: 'request', id: 'request-0001', about, record, state, evidence };
}
interface Parts {
  readonly later?: readonly EventDraft[];
  readonly content?: Partial<RequestContent>;
  readonly evidence?: readonly string[];
}

test('an approver has everything that is needed to decide, and the command to answer', () => {
  const input = ofRequest('pending', { evidence: ['It was last used 60 days ago.'] });
  const notice = composeAskedNotice(input);
  const hash = input.kind === 'request' ? input.record.requestHash : '';
  expect(notice).toMatchObject({
    id: 'notice/asked/1',
    recipient: BO,
    subject:
      '[Credential Janitor] Your approval is asked for: exception, ticket OPS-7, by 2026-10-22 09:00 UTC',
    items: [],
  });
  expect(notice.text).toBe(`Hello Bo Berg,

ana, through arn:aws:sts::111122223333:assumed-role/planner/session (claims session), with olga as sponsor, asks to except ${ASKED_KEY} from rule access-key-unused.

  effect      these rules take no step on it until the end; all other rules go on
  until       2026-11-14 09:00 UTC
  while       the tag "project" stays "atlas", the ticket stays open
  why         The migration of atlas needs it once more (migration, ticket OPS-7)
  answers     olga answers for the need
  serves      dora
  needs       2 different persons of group security (critical); none given yet
  answer by   2026-10-22 09:00 UTC, or it lapses

WHAT IS KNOWN
- It was last used 60 days ago.

TO ANSWER, SIGNED WITH YOUR OWN CREDENTIALS
  read it    janitor request show request-0001
  approve    janitor approve request-0001 --hash ${hash}
  reject     janitor reject request-0001 --reason '...'

The approval counts for exactly what is shown here, under policy cccccccccccc.

This message is notice/asked/1. Opening, answering or forwarding it approves nothing, and no link does.
`);
});

test.each([
  [
    { value: 'closed', asOf: NOW, source: 'tickets' },
    'ticket      closed on 2026-10-15 09:00 UTC, by tickets',
  ],
  [{ unknown: 'it timed out' }, 'ticket      nobody has verified it: it timed out'],
] as const)('an approver sees what was known of the ticket', (ticketState, line) => {
  const input = ofRequest('pending');
  if (input.kind !== 'request' || input.record.admission === undefined) throw new Error('no admission');
  const admission = { ...input.record.admission, ticketState };
  expect(composeAskedNotice({ ...input, record: { ...input.record, admission } }).text).toContain(line);
});

describe('whoever is concerned hears what came of a request', () => {
  const executing = ASKED_DRAFTS['request.executing'];
  const routine = { ...submitted.data, approvalsNeeded: 0, tier: 'routine' } as const;
  const endings: readonly (readonly [RequestState, EventDraft[], string])[] = [
    [
      'rejected',
      [ASKED_DRAFTS['request.rejected']],
      'rejected by bo on 2026-10-15 09:00 UTC, because: rotate it instead',
    ],
    ['withdrawn', [ASKED_DRAFTS['request.withdrawn']], 'withdrawn by ana on'],
    ['lapsed', [{ ...ASKED_DRAFTS['request.lapsed'], at: plus(NOW, 8 * DAY_MS) }], 'lapsed by'],
  ];

  it.each(endings)('%s', (state, later, line) => {
    const { subject, text } = composeAskedNotice(ofRequest('outcome', { later }));
    expect(subject).toContain('The exception of ticket OPS-7');
    expect(text).toContain(line);
    expect(text).toContain('janitor explain request-0001');
    expect(text).not.toContain('janitor approve');
    expect(state).toMatch(/./);
  });

  it.each([
    ['done', ASKED_DRAFTS['request.done'], 'came of it  exception request-0001'],
    ['failed', ASKED_DRAFTS['request.failed'], 'failed by arn:aws:sts'],
  ] as const)('%s', (state, end, line) => {
    const record = found(
      foldRequest(chainOf('request#request-0001', [{ ...submitted, data: routine }, executing, end])),
    );
    const { text } = composeAskedNotice({
      ...NOTICE,
      kind: 'request',
      id: 'request-0001',
      about: 'outcome',
      record,
      state,
    });
    expect(text).toContain(line);
  });
});

test('whoever relied on an exception hears that it ended, why, and what counts from now on', () => {
  const chain = [
    ASKED_DRAFTS['exception.proposed'],
    ASKED_DRAFTS['exception.activated'],
    ASKED_DRAFTS['exception.expired'],
  ];
  const record = found(foldException(chainOf('exception#request-0001', chain)));
  const { subject, text } = composeAskedNotice({
    ...NOTICE,
    kind: 'exception',
    id: 'request-0001',
    about: 'outcome',
    record,
    state: 'expired',
  });
  expect(subject).toBe(
    '[Credential Janitor] An exception has ended (ticket OPS-7): expired: what was to stay true is no longer',
  );
  expect(text).toContain('these rules count again, with every notice, wait and guard they have');
  expect(text).toContain('because: its ticket is closed');
});

describe('a challenge', () => {
  const opened = ASKED_DRAFTS['challenge.opened'];
  const record = found(foldChallenge(chainOf('challenge#0123456789abcdef', [opened])));
  const input = { ...NOTICE, kind: 'challenge', id: '0123456789abcdef', record, state: 'open' } as const;

  it('asks those who may decide, with the commands for both answers', () => {
    const { text } = composeAskedNotice({ ...input, about: 'pending' });
    expect(text).toContain("janitor challenge decide 0123456789abcdef --uphold --reason '...'");
    expect(text).toContain("janitor challenge decide 0123456789abcdef --dismiss --reason '...'");
    expect(text).toContain('undecided, the step may disable and never delete');
  });

  it('tells the others without asking them', () => {
    const { text, subject } = composeAskedNotice({ ...input, about: 'opened' });
    expect(subject).toContain('others decide by 2026-10-22');
    expect(text).not.toContain('challenge decide');
  });

  it.each([
    ['upheld', 'the step is not taken'],
    ['dismissed', 'the step goes on, with every guard'],
  ] as const)('that was %s says what follows', (state, line) => {
    const ended = found(foldChallenge(chainOf('challenge#x', [opened, ASKED_DRAFTS[`challenge.${state}`]])));
    expect(composeAskedNotice({ ...input, record: ended, about: 'outcome', state }).text).toContain(line);
  });
});

describe('texts of others', () => {
  const hostile = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });

  it('add no line, no command and nothing invisible, whatever they are', () => {
    const lines = composeAskedNotice(ofRequest('pending')).text.split('\n').length;
    fc.assert(
      fc.property(hostile, hostile, (reason, businessOwner) => {
        const input = ofRequest('pending');
        if (input.kind !== 'request') return;
        const content = { ...input.record.content, reason, businessOwner, ticket: reason };
        const { text, subject } = composeAskedNotice({ ...input, record: { ...input.record, content } });
        expect(text.split('\n')).toHaveLength(lines);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(text.match(/^ {2}approve {4}janitor approve /gm)).toHaveLength(1);
      }),
    );
  });

  it.each([
    ['a secret access key', 'use wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEY0 for now'],
    ['a session token', `session_token=${'A1b2C3d4'.repeat(20)}`],
    ['one cut by an invisible letter', 'use wJalrXUtnFEMIK7MDENG\u200bbPxRfiCYzEXAMPLEKEY0'],
  ])('that look like %s are left out', (_what, reason) => {
    const { text } = composeAskedNotice(ofRequest('pending', { content: { reason }, evidence: [reason] }));
    expect(text).not.toContain('wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEY0');
    expect(text).not.toContain('A1b2C3d4A1b2C3d4A1b2C3d4');
  });

  it('are shown whole up to what may be asked', () => {
    const reason = `${'wide \u6f22\u5b57 '.repeat(120)}end`;
    expect(composeAskedNotice(ofRequest('pending', { content: { reason } })).text).toContain(reason);
  });
});
