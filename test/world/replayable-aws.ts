import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';

type Serve = EmbeddedAws['serve'];
type Request = Parameters<Serve>[0];

interface Served {
  readonly at: string;
  readonly request: Request;
}

/** Requests that change no credential, yet what is read later. */
const REPORT = /Action=(Generate|Get)CredentialReport/;

/** An embedded AWS that can bring another one, seeded alike, into the state its own calls brought it into. */
export class ReplayableAws extends EmbeddedAws {
  readonly #served: Served[] = [];

  override async serve(request: Request, options: Parameters<Serve>[1]): ReturnType<Serve> {
    const at = this.clock.now().toISOString();
    const before = this.changes.all.length;
    const delivery = await super.serve(request, options);
    if (this.changes.all.length > before || REPORT.test(request.body)) this.#served.push({ at, request });
    return delivery;
  }

  /** Serves the other one every request that changed something here, each at its own instant. */
  async replayInto(other: ReplayableAws): Promise<void> {
    for (const { at, request } of this.#served) {
      other.clock.set(at);
      await other.serve(request, { process: 'replay', verify: false });
    }
    if (JSON.stringify(other.changes.all) !== JSON.stringify(this.changes.all)) {
      throw new Error('the replayed AWS changed otherwise than the first one');
    }
  }
}
