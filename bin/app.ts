import { buildApp } from '../lib/infrastructure/index.ts';

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
await buildApp({ target: { account, region } });
