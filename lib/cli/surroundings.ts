import type { Surroundings } from '../wiring/index.ts';
import { errorText, failureOf } from './render/error.ts';
import type { Session } from './session.ts';
import { widthOf } from './terminal.ts';

/** What the wiring may know and do of the outside, for one run of a command. */
export function surroundings(session: Session, command: string): Surroundings {
  const { terminal } = session;
  return {
    cwd: terminal.cwd,
    command: `janitor ${command}`,
    note: (text) => session.note(text),
    onLockLost: (error) => {
      const failure = failureOf(error, terminal.invocation);
      const text = errorText(failure, session.asideStyle, widthOf(terminal.stderr), false);
      void terminal.stderr.write(text).finally(() => terminal.abort(failure.exit));
    },
  };
}
