/** All that is needed of SES's SDK, in a file that is loaded for the first mail. */
export { SendEmailCommand } from '@aws-sdk/client-sesv2';
