import fs from 'node:fs';
import { ALWAYS } from './world/invariants/index.ts';
import { perform } from './world/perform.ts';
import { recover, settledViolations } from './world/quiescence.ts';
import { World } from './world/world.ts';
const h = JSON.parse(fs.readFileSync(process.argv[2] ?? '', 'utf8'));
const grep = new RegExp(process.argv[3] ?? '.');
const w = await World.create(h.options);
let last = 0;
function dump() {
  const lines: [number, string][] = [];
  for (const { tick, at, event } of w.writes) if (tick > last) lines.push([tick, `${at} W ${event.subject}/${event.seq} ${event.type} ${JSON.stringify(event.data).slice(0, 250)} ${event.reason ?? ''}`]);
  for (const c of w.changes) if (c.tick > last) lines.push([c.tick, `${c.at} C ${c.process} ${c.record.operation} ${c.record.target} ${JSON.stringify(c.record.after).slice(0, 200)}`]);
  for (const l of w.outbox.letters) if (l.tick > last) lines.push([l.tick, `${l.at} L ${l.notice.id} to ${l.notice.recipient.id} ${JSON.stringify(l.notice.items)}`]);
  for (const s of w.sweeps) if (s.tick > last) lines.push([s.tick, `${s.at} S ${JSON.stringify(s)}`]);
  for (const s of w.errands) if (s.tick > last) lines.push([s.tick, `${s.at} E ${JSON.stringify(s)}`]);
  for (const s of w.uses) if (s.tick > last) lines.push([s.tick, `${s.at} U ${JSON.stringify(s)}`]);
  for (const s of w.ownerActs) if (s.tick > last) lines.push([s.tick, `${s.at} O ${JSON.stringify(s)}`]);
  for (const s of w.calls) if (s.tick > last && process.argv[4]) lines.push([s.tick, `${s.at} c ${JSON.stringify(s)}`]);
  for (const [t, l] of lines.sort((a, b) => a[0] - b[0])) if (grep.test(l)) console.log('#' + t, l);
  last = w.tick;
}
await perform(w, { kind: 'activate', by: 'alice' });
for (const c of h.commands) { console.log('>>>', JSON.stringify(c)); await perform(w, c); dump(); const ch = w.chronicle(); const v = ALWAYS.flatMap((i) => i(ch)); w.checkedTo = w.tick; if (v.length) { console.log('VIOLATION', v); break; } }
await recover(w); console.log('>>> recovery'); dump(); console.log(await settledViolations(w, 2), w.strangers);
