import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A ticket system on a loopback port, and what it was asked. */
export class TicketServer {
  readonly #server: Server;
  readonly asked: { url: string; authorization: string | undefined; accept: string | undefined }[] = [];
  answer: RequestListener = (_request, response) => response.end();

  private constructor() {
    this.#server = createServer((request, response) => {
      const { authorization, accept } = request.headers;
      this.asked.push({ url: request.url ?? '', authorization, accept });
      this.answer(request, response);
    });
  }

  static async open(): Promise<TicketServer> {
    const server = new TicketServer();
    await new Promise<void>((done) => {
      server.#server.listen(0, '127.0.0.1', done);
    });
    return server;
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}/tickets/{ticket}`;
  }

  says(body: string | Uint8Array, status = 200, headers: Readonly<Record<string, string>> = {}): void {
    this.answer = (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
    });
  }
}
