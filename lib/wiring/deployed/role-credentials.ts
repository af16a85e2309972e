/**
 * What stands for `@aws-sdk/credential-provider-node` in the bundles of functions: Lambda hands a function its role's
 * credentials in the environment, so that the providers of laptops (profiles, sign-in, processes, instance metadata) are
 * a tenth of a bundle that nothing reaches.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
