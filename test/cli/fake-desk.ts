import type { Service } from '../../lib/api/index.ts';
import { runJanitor } from '../../lib/cli/index.ts';
import * as wiring from '../../lib/wiring/index.ts';
import { recordingService } from '../api/gateway.ts';
import { emptyFolder } from '../builders/command-line.ts';
import { type RecordedTerminalOptions, recordedTerminal } from '../builders/terminal.ts';
import { answers } from './service-answers.ts';

type Answers = { readonly [Name in keyof Service]?: unknown };

/** A desk whose service answers what it is told to, and remembers what it was asked. */
export function fakeDesk(told: Answers = {}) {
  const { service, calls } = recordingService((operation) => {
    const name = operation as keyof Service;
    const answer = name in told ? told[name] : answers[name];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const opened: wiring.DeskFlags[] = [];
  const atDesk: typeof wiring.atDesk = (flags, _surroundings, work) => {
    opened.push(flags);
    return work({
      service: service as unknown as wiring.AskedService,
      credentialId: async (typed) =>
        typed.startsWith('arn:') ? typed : `arn:aws:iam::111122223333:user/ci/deployer/access-key/${typed}`,
      close: async () => {},
    });
  };
  const janitor = async (argv: readonly string[], options: RecordedTerminalOptions = {}) => {
    const terminal = recordedTerminal({ cwd: emptyFolder(), ...options });
    const exit = await runJanitor(argv, terminal, async () => ({ ...wiring, atDesk }));
    return { exit, out: terminal.out(), err: terminal.err(), terminal };
  };
  return { janitor, calls, opened };
}
