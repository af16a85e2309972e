import { beforeEach, describe, expect, it } from 'vitest';
import { type Fact, known, unknown } from '../../lib/domain/fact.ts';
import { foldRequest } from '../../lib/domain/request.ts';
import type { RequestRules } from '../../lib/domain/request-rules.ts';
import type { TicketState } from '../../lib/domain/ticket.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { noTicketSystem, submitRequest } from '../../lib/requests/index.ts';
import { asker, content, REQUEST_ID } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { by, Ground } from './ground.ts';

const SHORT = { endsAt: plus(NOW, DAY_MS) };
const open = known<TicketState>('open', NOW, 'ticket system at tickets.example.com');
const closed = known<TicketState>('closed', NOW, 'ticket system at tickets.example.com');
const mute = unknown('the ticket system did not answer in time');

let ground: Ground;
beforeEach(async () => {
  ground = await Ground.open();
});

function submit(
  ticket: Fact<TicketState> | undefined,
  { rules = {}, more = {} }: { readonly rules?: Partial<RequestRules>; readonly more?: object } = {},
) {
  return submitRequest(ground.under(rules), {
    requestId: REQUEST_ID,
    requester: by(asker('ana')),
    content: content(more),
    facts: { beneficiaries: ['dora'], ...(ticket === undefined ? {} : { ticket }) },
  });
}

const checked = { tickets: { checked: true } };

describe('the reference of a ticket', () => {
  const rules = { tickets: { checked: true, pattern: 'OPS-\\d+|SEC-\\d+' } };

  it.each(['OPS-x', 'xOPS-7', 'SEC-7x', 'ops-7'])(
    '%s does not fit the pattern: refused and nothing stored',
    async (ticket) => {
      const refused = submit(open, { rules, more: { ticket } });
      await expect(refused).rejects.toMatchObject({
        code: 'ticket-malformed',
        source: 'user',
        details: { field: 'ticket' },
      });
      expect(await ground.types(`request#${REQUEST_ID}`)).toEqual([]);
    },
  );

  it.each(['OPS-7', 'SEC-12'])('%s fits', async (ticket) => {
    expect(await submit(open, { rules, more: { ticket } })).toMatchObject({ state: 'pending' });
  });
});

describe('the state of a ticket when a request is made', () => {
  it('closed: denied, and the denial recorded, however short it is', async () => {
    expect(await submit(closed, { rules: checked, more: SHORT })).toMatchObject({
      state: 'denied',
      request: { end: { code: 'ticket-closed', reason: expect.stringContaining('OPS-7') } },
    });
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(['request.denied']);
  });

  it('open: recorded with its age and source, and pre-approved within the limit', async () => {
    expect(await submit(open, { rules: checked, more: SHORT })).toMatchObject({
      state: 'approved',
      request: { admission: { tier: 'routine', ticketState: open } },
    });
  });

  it('G22: unknown: let through as unverified, but a person decides', async () => {
    expect(await submit(mute, { rules: checked, more: SHORT })).toMatchObject({
      state: 'pending',
      request: { admission: { tier: 'critical', ticketState: mute } },
    });
    const [event] = await ground.context.ledger.chain(`request#${REQUEST_ID}`);
    expect(event).toMatchObject({ data: { ticketState: mute } });
    expect(foldRequest(event === undefined ? [] : [event])?.admission?.ticketState).toEqual(mute);
  });

  it('nobody asked where a ticket system is configured: a person decides', async () => {
    expect(await submit(undefined, { rules: checked, more: SHORT })).toMatchObject({ state: 'pending' });
  });

  it('no ticket system configured: pre-approved within the limit, and recorded as unverified', async () => {
    expect(await submit(await noTicketSystem.stateOf('OPS-7'), { more: SHORT })).toMatchObject({
      state: 'approved',
      request: { admission: { ticketState: { unknown: expect.stringContaining('no ticket system') } } },
    });
  });
});
