/** The infrastructure room: CDK stacks and constructs of the deployed service. */
export { type BuiltApp, buildApp } from './app.ts';
