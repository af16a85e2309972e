import { SESv2Client } from '@aws-sdk/client-sesv2';

export function mailClient(region: string): SESv2Client {
  return new SESv2Client({ region });
}
