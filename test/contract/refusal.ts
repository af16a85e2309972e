import { ServiceException } from '@smithy/core/client';

/** How AWS refused: the error's name, the HTTP status and the message. */
export interface Refusal {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** The refusal a call is expected to meet; throws when it is answered after all. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error;
    return { name: error.name, status: error.$metadata.httpStatusCode, message: error.message };
  }
  throw new Error('was answered where AWS refuses');
}
