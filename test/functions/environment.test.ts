import { afterEach, describe, expect, test, vi } from 'vitest';
import { CATALOGUE } from '../../lib/infrastructure/functions/catalogue.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/infrastructure/names.ts';
import { plainDeployment } from './deployment.ts';
import { startFunction } from './lambda-runtime.ts';

const OPTIONAL = [
  'GRANT_DEAD_LETTER_ARN',
  'MAIL_FROM',
  'MAIL_CONFIGURATION_SET',
  'MANAGEMENT_ACCOUNT',
  'ON_CALL_TOKEN_SECRET_ARN',
  'ORGANIZATION_ID',
  'OWN_SECRETS',
  'TICKET_TOKEN_SECRET_ARN',
];

const environment = plainDeployment();

afterEach(() => vi.unstubAllEnvs());

describe('a function with half its environment does not start', () => {
  test.each(FUNCTION_NAMES)('%s names every variable that the stack gives it', async (name) => {
    const needed = CATALOGUE[name].variables.filter((variable) => !OPTIONAL.includes(variable));
    const failure = await startFunction(name, {}).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'EnvironmentInvalid', cause: { code: 'environment-invalid' } });
    const missing = [...String(failure).matchAll(/([A-Z_]+) is missing/g)].map(([, variable]) => variable);
    expect(missing.toSorted()).toEqual(needed.toSorted());
  });

  test.each(FUNCTION_NAMES)('%s starts with exactly those', async (name) => {
    await expect(startFunction(name, environment.environment(name))).resolves.toBeDefined();
  });

  const malformed: readonly [FunctionName, variable: string, value: string, said: string][] = [
    ['list-accounts', 'ACCOUNTS', '1111', 'ACCOUNTS must be an account id of twelve digits'],
    ['list-accounts', 'ACCOUNTS', '', 'ACCOUNTS must be an account id of twelve digits'],
    ['list-accounts', 'MODE', 'dry-run', 'MODE Invalid option'],
    ['act-on-account', 'MANAGEMENT_ACCOUNT', 'none', 'MANAGEMENT_ACCOUNT must be an account id of twelve'],
    ['act-on-account', 'NOTICE_TOPIC_ARN', 'operators', 'NOTICE_TOPIC_ARN must be the ARN of a topic'],
    ['answer-requests', 'HUB_ACCOUNT', '99998888777', 'HUB_ACCOUNT must be an account id of twelve digits'],
    ['answer-requests', 'TICKET_TOKEN_SECRET_ARN', 'token', 'TICKET_TOKEN_SECRET_ARN must be the ARN of a'],
    ['decide-account', 'LEDGER_TABLE', '', 'LEDGER_TABLE must not be empty'],
  ];
  test.each(malformed)('%s with %s=%j: %s', async (name, variable, value, said) => {
    const variables = { ...environment.environment(name), [variable]: value };
    await expect(startFunction(name, variables)).rejects.toThrow(said);
  });
});
