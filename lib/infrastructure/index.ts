/** The infrastructure room: CDK stacks and constructs of the deployed service. */
export { type BuildOptions, buildApp } from './app.ts';
