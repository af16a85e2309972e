import type { LedgerEvent } from '../../domain/event.ts';
import type { AskedEvent, ExceptionEvent, RequestEvent } from './asked-events.ts';
import { challengeSentence } from './challenge-sentence.ts';
import { exceptionSentence } from './exception-sentence.ts';
import { requestSentence } from './request-sentence.ts';

export function isAskedEvent(event: LedgerEvent): event is AskedEvent {
  return /^(request|exception|challenge)\./.test(event.type);
}

export function askedSentence(event: AskedEvent): string {
  if (isRequest(event)) return requestSentence(event);
  return isException(event) ? exceptionSentence(event) : challengeSentence(event);
}

function isRequest(event: AskedEvent): event is RequestEvent {
  return event.type.startsWith('request.');
}

function isException(event: AskedEvent): event is ExceptionEvent {
  return event.type.startsWith('exception.');
}
