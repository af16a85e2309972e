import type { HttpHandler } from '@smithy/core/protocols';
import { JanitorError } from '../../domain/error.ts';
import type { EmbeddedAws } from '../../embedded-aws/index.ts';

const STS_HOST = /^sts\.(?:[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}\.)?amazonaws\.com$/;

/**
 * Takes what goes to STS to the embedded AWS, in this process: proofs of delegation name the hosts of the real one, and
 * nothing of a local janitor ever leaves the machine. `aws` must verify signatures.
 */
export function embeddedSts(aws: EmbeddedAws): HttpHandler {
  const inProcess = aws.requestHandler({ process: 'delegation' });
  return {
    ...inProcess,
    async handle(request, options) {
      if (STS_HOST.test(request.hostname)) return inProcess.handle(request, options);
      throw new JanitorError(`${request.hostname} is no STS`, { code: 'host-refused', source: 'policy' });
    },
  };
}
