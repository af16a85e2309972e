import * as z from 'zod';
import {
  accountIdSchema,
  dateSchema,
  directoryIdSchema,
  mailSchema,
  ouSchema,
  pathPrefixSchema,
  says,
  strict,
} from './schema-parts.ts';

const arn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(user\/[\w+=,.@/-]+|root)$/,
    says('is not the ARN of an IAM user', 'write it in full: arn:aws:iam::111122223333:user/path/name'),
  );
const sso = z
  .string()
  .regex(/^sso:\S{1,128}$/, says('is not a principal', 'write sso:<user name of Identity Center>'));

const principal = z
  .union([arn, sso], {
    error: says('is not a principal', 'write the ARN of an IAM user, or sso:<user name of Identity Center>'),
  })
  .describe('The ARN of an IAM user, or sso: and the user name in IAM Identity Center.');

const person = strict({
  id: directoryIdSchema.describe('What records call this person; it never changes and is not reused.'),
  name: z
    .string()
    .min(1)
    .max(200)
    .describe('For people to read. Never in hashes, archives or records.')
    .optional(),
  mail: mailSchema.describe('Where notices go.'),
  principals: z
    .array(principal)
    .describe('Who this person is in AWS. One principal is one person.')
    .default([]),
  leftOn: dateSchema.describe('From this day on the person owns, approves and receives nothing.').optional(),
});

const group = strict({
  members: z.array(directoryIdSchema).describe('Ids of people.'),
  mail: mailSchema
    .describe('Where notices to the group go; without it the group cannot own credentials.')
    .optional(),
});

const agentPrincipal = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/,
    says(
      'is not the ARN of a role or an IAM user',
      'write it in full, without wildcards: arn:aws:iam::111122223333:role/planner',
    ),
  )
  .describe('The ARN of a role or an IAM user.');

const agent = strict({
  id: directoryIdSchema.describe('What records call it.'),
  principals: z
    .array(agentPrincipal)
    .min(1, says('can never be recognised', 'name the role it runs as'))
    .describe('Roles and IAM users it signs as. A principal of an agent is nobody else.'),
  sponsor: directoryIdSchema
    .describe('The person who answers for it; without one it asks for what is routine only.')
    .optional(),
});

const outsideTags = z
  .record(z.string().min(1).max(128), z.string().min(1).max(256))
  .refine((tags) => Object.keys(tags).length > 0, { error: says('names no tag', 'write key: value') });

const externalParty = strict({
  id: directoryIdSchema.describe('What records call it.'),
  organisation: z.string().min(1).max(200).describe('The organisation behind it.'),
  contact: mailSchema.describe('Whom to write to there.'),
  sponsor: directoryIdSchema.describe('The person here who answers for it.'),
  contractEnds: dateSchema.describe('The last day of the contract; ended from the next midnight UTC.'),
  accounts: z.array(accountIdSchema).describe('Accounts that are theirs.').optional(),
  paths: z.array(pathPrefixSchema).describe('Paths under which their users or secrets lie.').optional(),
  tags: outsideTags.describe('Tags, all of which mark something as theirs; "*": any value.').optional(),
}).refine((party) => party.accounts !== undefined || party.paths !== undefined || party.tags !== undefined, {
  error: says('can never be recognised', 'add accounts, paths or tags'),
});

const account = strict({
  id: accountIdSchema,
  name: z.string().min(1).max(100).describe('For people to read.'),
  ou: ouSchema.describe('The organisational unit it lies in.').optional(),
  owner: directoryIdSchema
    .describe('Owns by default what nobody else owns there; steps on it then need approval.')
    .optional(),
});

const owners = strict({
  tags: z
    .array(z.string().min(1).max(128))
    .describe(
      'Tag keys that name the owner, most trusted first. A value is an id, a mail address or a principal.',
    )
    .default([]),
  paths: z
    .array(strict({ path: pathPrefixSchema, owner: directoryIdSchema.describe('A person or group.') }))
    .describe('Who owns what lies under a path; the longest path that fits counts.')
    .default([]),
  default: directoryIdSchema.describe('Hears of credentials whose owner is unknown or cannot be reached.'),
});

export const directorySchema = strict({
  version: z.literal(1).describe('The version of this format.'),
  people: z
    .array(person)
    .min(1, says('lists nobody', 'add at least one person'))
    .describe('Everybody who counts.'),
  groups: z.record(directoryIdSchema, group).describe('Groups of people, by id.').default({}),
  externalParties: z
    .array(externalParty)
    .describe('Outside organisations that hold credentials here.')
    .default([]),
  agents: z
    .array(agent)
    .describe('Workloads that decide by themselves what they ask for, such as AI agents. They never approve.')
    .default([]),
  accounts: z.array(account).describe('The accounts and where they lie.').default([]),
  owners: owners.describe('How the owner of a credential is found.'),
  emergencyIdentities: z
    .array(arn)
    .describe('IAM users and roots kept in a vault for emergencies; no rule ever touches what is theirs.')
    .default([]),
}).describe('Who is who: people, groups, outside parties and accounts.');

export type DirectoryDocument = z.infer<typeof directorySchema>;
export type ExternalParty = DirectoryDocument['externalParties'][number];
