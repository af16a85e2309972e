import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { SubmitBody } from '../api/index.ts';
import { JanitorError } from '../domain/error.ts';
import { type Ask, type RequestContent, requestContentSchema } from '../domain/request-events.ts';
import type { Desk } from '../wiring/index.ts';
import { type Answer, atDesk, type Errand } from './at-desk.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts';
import { instantOfUntil } from './flags.ts';
import { readDocument } from './read-document.ts';
import { requestText } from './render/request.ts';
import type { ContentFlags } from './request-flags.ts';
import { completed } from './wanted.ts';
import { REASON, REASON_KIND, TICKET, UNTIL } from './wanted-values.ts';

export const submissionSchema = z.strictObject({
  requestId: z.string(),
  request: requestContentSchema,
});

/** Asks for something: completes what every request says, and sends it or prints what would be sent. */
export async function submit(
  errand: Errand,
  flags: ContentFlags,
  askOf: (desk: Desk) => Promise<Ask>,
): Promise<ExitCode> {
  const { session, command } = errand;
  const wanted = { reasonKind: REASON_KIND, reason: REASON, ticket: TICKET, until: UNTIL };
  const said = await completed(session, command, wanted, flags);
  const delegation = await proofsIn(errand, flags.delegation);
  const requestId = flags.requestId ?? uuidv7();
  const sent = await atDesk(errand, async (desk): Promise<Sent> => {
    const me = await desk.service.whoAmI();
    const request = checked({
      ask: await askOf(desk),
      reason: said.reason,
      reasonKind: said.reasonKind,
      ticket: said.ticket,
      businessOwner: flags.businessOwner ?? ownerOf(me),
      ...(flags.for === undefined ? {} : { beneficiary: flags.for }),
      endsAt: instantOfUntil(said.until, me.now),
    });
    const submission = { requestId, request };
    return flags.print ? submission : desk.service.submitRequest({ ...submission, ...delegation });
  });
  return shown(errand, sent);
}

/** Sends what was printed before, as it is, with the proofs of those it is asked for. */
export async function submitDocument(
  errand: Errand,
  files: { readonly from: string; readonly delegation?: string | undefined },
): Promise<ExitCode> {
  const submission = await readDocument(errand.session, files.from, submissionSchema);
  const delegation = await proofsIn(errand, files.delegation);
  return shown(
    errand,
    await atDesk(errand, ({ service }) => service.submitRequest({ ...submission, ...delegation })),
  );
}

/** What was answered, or with `--print` what would have been sent. */
type Sent = Answer<'submitRequest'> | z.output<typeof submissionSchema>;

async function shown({ session }: Errand, sent: Sent): Promise<ExitCode> {
  if ('requestId' in sent) {
    await session.print(`${JSON.stringify(sent, null, 2)}\n`);
    return EXIT.fine;
  }
  const { outcome, request } = sent;
  await session.show({ outcome, request }, () =>
    [
      ...(outcome === 'repeated' ? ['It was asked for before; this is what is stored.'] : []),
      requestText(request, session.style, session.width),
    ].join('\n'),
  );
  return exitCodeOf(request.state === 'failed' && EXIT.failed);
}

async function proofsIn(
  { session }: Errand,
  file: string | undefined,
): Promise<Pick<SubmitBody, 'delegation'>> {
  if (file === undefined) return {};
  return { delegation: await readDocument(session, file, z.array(z.unknown())) };
}

function ownerOf({ actor }: Answer<'whoAmI'>): string {
  if (actor.person !== undefined) return actor.person;
  throw new JanitorError('a program does not answer for a need; a person has to', {
    code: 'usage',
    source: 'user',
    hint: 'Add --business-owner with the id of the person in the directory who answers for it.',
    details: { missing: ['--business-owner'] },
  });
}

/** The API checks the same; here the mistake is found before anything is sent. */
function checked(content: z.input<typeof requestContentSchema> | Record<string, unknown>): RequestContent {
  const parsed = requestContentSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new JanitorError(`the request is not complete: ${z.prettifyError(parsed.error)}`, {
    code: 'request-invalid',
    source: 'user',
    hint: 'Correct what is named. An access key or a secret is named as `janitor scan` prints it.',
  });
}
