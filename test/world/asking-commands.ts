import type { AskerName } from './askers.ts';
import type { PersonName } from './people.ts';

/** What is asked for. Extensions are of the newest exception, plans the newest one. */
export type AskKind = 'exception' | 'extension' | 'restore' | 'approve-plan' | 'policy-override';

/** Something asked of the API by somebody. The nth of a kind counts from the newest. */
export type AskingCommand =
  | {
      readonly kind: 'ask';
      readonly what: AskKind;
      readonly credential: number;
      readonly by: AskerName;
      readonly hours: number;
      readonly rests: 'tag' | 'owner' | 'ticket';
      /** The client did not hear the answer and sends the same again. */
      readonly again: boolean;
    }
  | {
      readonly kind: 'answer';
      readonly request: number;
      readonly by: AskerName;
      readonly verdict: 'approve' | 'reject' | 'withdraw';
    }
  | { readonly kind: 'revoke'; readonly exception: number; readonly by: AskerName }
  | { readonly kind: 'challenge'; readonly credential: number; readonly by: AskerName }
  | { readonly kind: 'challenge-exception'; readonly exception: number; readonly by: AskerName }
  | {
      readonly kind: 'judge';
      readonly challenge: number;
      readonly by: AskerName;
      readonly verdict: 'upheld' | 'dismissed';
    }
  /** What the schedule does every five minutes. */
  | { readonly kind: 'reconcile' }
  | { readonly kind: 'ticket'; readonly is: 'open' | 'closed' | 'unreachable' }
  /** dave asks and is refused, thinks better of it, or loses what he got; or his objection is found right. */
  | {
      readonly kind: 'undone';
      readonly credential: number;
      readonly how: 'reject' | 'withdraw' | 'revoke' | 'uphold';
    }
  /** dave or erin asks, two of security approve: what most requests come to. */
  | {
      readonly kind: 'granted';
      readonly what: AskKind;
      readonly credential: number;
      readonly by: Extract<PersonName, 'dave' | 'erin'>;
      readonly hours: number;
      readonly rests: 'tag' | 'owner' | 'ticket';
    };
