/**
 * An error as an AWS service answers it: the wire code, the HTTP status and the message. It lives inside
 * the embedded AWS and leaves it only as a response.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
