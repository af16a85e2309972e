import { CancelRotateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, it } from 'vitest';
import { ROTATION_CONTRACT, type RotationTarget } from './contract.ts';
import { Ground, REGION, ROTATOR } from './ground.ts';

/** The embedded AWS, on which a change takes effect after so many milliseconds. */
function embedded(consistencyDelayMs: number): RotationTarget {
  return {
    name: `the embedded AWS, changes seen after ${consistencyDelayMs} ms`,
    async open() {
      const ground = await Ground.open({ consistencyDelayMs, verifySignatures: true });
      const clients = await ground.clients();
      const secrets = clients.secretsManager(REGION);
      return {
        clients,
        context: () => ground.context(),
        async begin(SecretId, ClientRequestToken) {
          const RotationRules = { AutomaticallyAfterDays: 90 };
          await secrets.send(
            new RotateSecretCommand({
              SecretId,
              ClientRequestToken,
              RotationLambdaARN: ROTATOR,
              RotationRules,
            }),
          );
          ground.aws.clock.advance(consistencyDelayMs);
        },
        async disable(SecretId) {
          await secrets.send(new CancelRotateSecretCommand({ SecretId }));
        },
        told: () => ground.told,
        close: async () => {},
      };
    },
  };
}

for (const target of [embedded(0), embedded(10_000)]) {
  describe(`the contract of rotation functions on ${target.name}`, () => {
    it.each(ROTATION_CONTRACT)('$name', async ({ run }) => {
      await run(await target.open());
    });
  });
}
