import '../../lib/wiring/deployed/interpreted-schemas.ts';
import {
  deployedPolicy,
  lambda,
  logger,
  once,
  openHub,
  openRotation,
  readEnvironment,
  rotateStep,
  rotationEventSchema,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(process.env, 'HOME_REGION', 'LEDGER_TABLE', 'POLICY_DIR', 'STATE_TABLE');

const open = once(async () => {
  const [hub, policy] = await Promise.all([openHub(environment), deployedPolicy(environment)]);
  return openRotation(hub, environment, policy);
});

/** One step of replacing the access key in a secret, as Secrets Manager asks for it; a failure makes it ask again. */
export const handler = lambda(rotationEventSchema, async ({ step, ...rotation }) => {
  const { secretId, token } = rotation;
  await rotateStep(await open(), rotation, step);
  logger.info('step done', { secretId, token, step });
});
