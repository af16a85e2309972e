import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttachUserPolicyCommand, IAMClient, ListUserTagsCommand } from '@aws-sdk/client-iam';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import * as z from 'zod';
import { Cdk } from './cdk.ts';
import { type Ended, janitorIn } from './command-line.ts';
import { DeployedHub } from './deployed-hub.ts';
import { writePolicy } from './enforced-policy.ts';
import { deployMemberTemplate } from './member-account.ts';
import { type MiniStack, REGION, startMiniStack } from './ministack-server.ts';
import { HUB, type Key, makeOrganisation, type Organisation, seedSecret, seedUser } from './organisation.ts';

export const STACK = 'CredentialJanitor';
const LONG_AGO = '2026-01-10T00:00:00Z';
export const PLANTED = 'planted-value-of-a-secret';
const SENDER = 'janitor@example.com';

const mailsSchema = z.object({
  messages: z.record(z.string(), z.array(z.object({ To: z.array(z.string()), BodyText: z.string() }))),
});

/** Of the managed policies that the stack has ready for people. */
type Rights = 'auditor' | 'on-call' | 'operator' | 'requester';

/** An operator and an auditor, both of the security group, and somebody nobody knows. */
export type People = Readonly<Record<'ana' | 'ben' | 'mallory', Key>>;

/** A hub that was deployed from nothing, an organisation around it, and what its accounts hold. */
export class DeployedWorld {
  readonly ministack: MiniStack;
  readonly organisation: Organisation;
  readonly cdk: Cdk;
  readonly hub: DeployedHub;
  readonly people: People;
  /** Id of a key that nobody has used for long. */
  readonly staleKey: string;
  readonly #folder: string;

  private constructor(
    parts: Pick<DeployedWorld, 'ministack' | 'organisation' | 'cdk' | 'hub' | 'people' | 'staleKey'>,
    folder: string,
  ) {
    this.ministack = parts.ministack;
    this.organisation = parts.organisation;
    this.cdk = parts.cdk;
    this.hub = parts.hub;
    this.people = parts.people;
    this.staleKey = parts.staleKey;
    this.#folder = folder;
  }

  static async deploy(): Promise<DeployedWorld> {
    const ministack = await startMiniStack();
    const folder = await mkdtemp(join(tmpdir(), 'janitor-deploy-'));
    try {
      const organisation = await makeOrganisation(ministack);
      await writePolicy(join(folder, 'policy'), organisation.member);
      const { people, staleKey } = await seed(ministack, organisation);
      const assembly = join(folder, 'assembly');
      const cdk = new Cdk({
        environment: ministack.environment(HUB),
        account: HUB,
        region: REGION,
        assembly,
      });
      await cdk.bootstrap();
      await cdk.deploy(configurationOf(folder, organisation));
      await deployMemberTemplate(ministack, assembly, organisation);
      await giveRights(ministack, 'ana', 'operator');
      await giveRights(ministack, 'ben', 'auditor');
      const hub = await DeployedHub.open(ministack, STACK);
      return new DeployedWorld({ ministack, organisation, cdk, hub, people, staleKey }, folder);
    } catch (error) {
      await ministack.stop();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What cdk.json would hold. */
  configuration(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return { ...configurationOf(this.#folder, this.organisation), ...changes };
  }

  get policyFolder(): string {
    return join(this.#folder, 'policy');
  }

  give(who: keyof People, rights: Rights): Promise<void> {
    return giveRights(this.ministack, who, rights);
  }

  /** The command line on the deployed stack, with somebody's own credentials and rights. */
  janitor(who: keyof People, ...args: readonly string[]): Promise<Ended> {
    const { accessKeyId, secretAccessKey } = this.people[who];
    const environment = {
      ...this.ministack.environment(HUB),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    return janitorIn(environment, [...args, '--stack', STACK, '--format', 'json']);
  }

  /** Mails that SES sent, by whom they went to. */
  async mails(): Promise<readonly { readonly to: string; readonly text: string }[]> {
    const { messages } = mailsSchema.parse(await this.ministack.inspect('/_ministack/ses/messages'));
    return Object.values(messages)
      .flat()
      .map(({ To, BodyText }) => ({ to: To.join(), text: BodyText }));
  }

  async tagsOf(accountId: string, UserName: string): Promise<Record<string, string>> {
    const iam = new IAMClient(this.ministack.configuration(accountId));
    const { Tags = [] } = await iam.send(new ListUserTagsCommand({ UserName }));
    return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
  }

  async end(): Promise<void> {
    await this.hub.close();
    await this.ministack.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function configurationOf(folder: string, { id }: Organisation): Record<string, unknown> {
  return {
    mode: 'enforce',
    accounts: 'organization',
    organizationId: id,
    policyFolder: join(folder, 'policy'),
    mail: { from: SENDER },
    schedule: { expression: 'rate(1 minute)', flexibleMinutes: 1 },
  };
}

async function seed(
  ministack: MiniStack,
  { member }: Organisation,
): Promise<Pick<DeployedWorld, 'people' | 'staleKey'>> {
  const tags = { owner: 'ana' };
  await new SESv2Client(ministack.configuration(HUB)).send(
    new CreateEmailIdentityCommand({ EmailIdentity: SENDER }),
  );
  const ana = await seedUser(ministack, HUB, { name: 'ana', path: '/people/' });
  const ben = await seedUser(ministack, HUB, { name: 'ben', path: '/people/' });
  const mallory = await seedUser(ministack, HUB, { name: 'mallory' });
  await seedUser(ministack, HUB, { name: 'deployer', path: '/ci/', createdAt: LONG_AGO });
  const stale = await seedUser(ministack, member, { name: 'stale', path: '/ci/', tags, createdAt: LONG_AGO });
  await seedUser(ministack, member, { name: 'fresh', tags });
  await seedSecret(ministack, member, { name: 'db', value: PLANTED, createdAt: LONG_AGO });
  return { people: { ana, ben, mallory }, staleKey: stale.accessKeyId };
}

/** Gives a person the rights that the stack has ready for people. */
async function giveRights(ministack: MiniStack, UserName: string, rights: Rights): Promise<void> {
  const iam = new IAMClient(ministack.configuration(HUB));
  const PolicyArn = `arn:aws:iam::${HUB}:policy/credential-janitor-${rights}`;
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
}
