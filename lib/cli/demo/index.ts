import type { Wiring } from '../run.ts';
import type { Session } from '../session.ts';
import { activate } from './chapters/activate.ts';
import { approve } from './chapters/approve.ts';
import { audit } from './chapters/audit.ts';
import { blind } from './chapters/blind.ts';
import { carryOut } from './chapters/carry-out.ts';
import { deleteAtLast } from './chapters/delete.ts';
import { disable } from './chapters/disable.ts';
import { discover } from './chapters/discover.ts';
import { epilogue } from './chapters/epilogue.ts';
import { restore } from './chapters/restore.ts';
import { warn } from './chapters/warn.ts';
import { type Demo, openDemo } from './demo.ts';

const CHAPTERS: readonly ((demo: Demo) => Promise<void>)[] = [
  discover,
  activate,
  warn,
  disable,
  restore,
  approve,
  blind,
  carryOut,
  deleteAtLast,
  audit,
  epilogue,
];

/** Tells the story from beginning to end: real use cases on an embedded AWS, a ledger in memory, time that jumps. */
export async function runDemo(session: Session, wiring: Wiring): Promise<void> {
  const { demo, close } = await openDemo(session, wiring);
  try {
    for (const chapter of CHAPTERS) await chapter(demo);
  } finally {
    await close();
  }
}
