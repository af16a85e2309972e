/** The infrastructure room: CDK stacks and constructs of the deployed service. */
export { type BuildOptions, type BuiltApp, buildApp } from './app.ts';
