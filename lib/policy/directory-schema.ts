import * as z from '../domain/zod.ts';
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
  .check(
    z.regex(
      /^arn:aws[a-z-]*:iam::\d{12}:(user\/[\w+=,.@/-]+|root)$/,
      says('is not the ARN of an IAM user', 'write it in full: arn:aws:iam::111122223333:user/path/name'),
    ),
  );
const sso = z
  .string()
  .check(z.regex(/^sso:\S{1,128}$/, says('is not a principal', 'write sso:<user name of Identity Center>')));

const principal = z
  .union([arn, sso], {
    error: says('is not a principal', 'write the ARN of an IAM user, or sso:<user name of Identity Center>'),
  })
  .check(z.describe('The ARN of an IAM user, or sso: and the user name in IAM Identity Center.'));

const person = strict({
  id: directoryIdSchema.check(
    z.describe('What records call this person; it never changes and is not reused.'),
  ),
  name: z.optional(
    z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(200),
        z.describe('For people to read. Never in hashes, archives or records.'),
      ),
  ),
  mail: mailSchema.check(z.describe('Where notices go.')),
  principals: z._default(
    z.array(principal).check(z.describe('Who this person is in AWS. One principal is one person.')),
    [],
  ),
  leftOn: z.optional(
    dateSchema.check(z.describe('From this day on the person owns, approves and receives nothing.')),
  ),
});

const group = strict({
  members: z.array(directoryIdSchema).check(z.describe('Ids of people.')),
  mail: z.optional(
    mailSchema.check(
      z.describe('Where notices to the group go; without it the group cannot own credentials.'),
    ),
  ),
});

const agentPrincipal = z
  .string()
  .check(
    z.regex(
      /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/,
      says(
        'is not the ARN of a role or an IAM user',
        'write it in full, without wildcards: arn:aws:iam::111122223333:role/planner',
      ),
    ),
    z.describe('The ARN of a role or an IAM user.'),
  );

const agent = strict({
  id: directoryIdSchema.check(z.describe('What records call it.')),
  principals: z
    .array(agentPrincipal)
    .check(
      z.minLength(1, says('can never be recognised', 'name the role it runs as')),
      z.describe('Roles and IAM users it signs as. A principal of an agent is nobody else.'),
    ),
  sponsor: z.optional(
    directoryIdSchema.check(
      z.describe('The person who answers for it; without one it asks for what is routine only.'),
    ),
  ),
});

const outsideTags = z
  .record(
    z.string().check(z.minLength(1), z.maxLength(128)),
    z.string().check(z.minLength(1), z.maxLength(256)),
  )
  .check(
    z.refine((tags) => Object.keys(tags).length > 0, { error: says('names no tag', 'write key: value') }),
  );

const externalParty = strict({
  id: directoryIdSchema.check(z.describe('What records call it.')),
  organisation: z.string().check(z.minLength(1), z.maxLength(200), z.describe('The organisation behind it.')),
  contact: mailSchema.check(z.describe('Whom to write to there.')),
  sponsor: directoryIdSchema.check(z.describe('The person here who answers for it.')),
  contractEnds: dateSchema.check(
    z.describe('The last day of the contract; ended from the next midnight UTC.'),
  ),
  accounts: z.optional(z.array(accountIdSchema).check(z.describe('Accounts that are theirs.'))),
  paths: z.optional(
    z.array(pathPrefixSchema).check(z.describe('Paths under which their users or secrets lie.')),
  ),
  tags: z.optional(
    outsideTags.check(z.describe('Tags, all of which mark something as theirs; "*": any value.')),
  ),
}).check(
  z.refine((party) => party.accounts !== undefined || party.paths !== undefined || party.tags !== undefined, {
    error: says('can never be recognised', 'add accounts, paths or tags'),
  }),
);

const account = strict({
  id: accountIdSchema,
  name: z.string().check(z.minLength(1), z.maxLength(100), z.describe('For people to read.')),
  ou: z.optional(ouSchema.check(z.describe('The organisational unit it lies in.'))),
  owner: z.optional(
    directoryIdSchema.check(
      z.describe('Owns by default what nobody else owns there; steps on it then need approval.'),
    ),
  ),
});

const owners = strict({
  tags: z._default(
    z
      .array(z.string().check(z.minLength(1), z.maxLength(128)))
      .check(
        z.describe(
          'Tag keys that name the owner, most trusted first. A value is an id, a mail address or a principal.',
        ),
      ),
    [],
  ),
  paths: z._default(
    z
      .array(
        strict({ path: pathPrefixSchema, owner: directoryIdSchema.check(z.describe('A person or group.')) }),
      )
      .check(z.describe('Who owns what lies under a path; the longest path that fits counts.')),
    [],
  ),
  default: directoryIdSchema.check(
    z.describe('Hears of credentials whose owner is unknown or cannot be reached.'),
  ),
});

export const directorySchema = strict({
  version: z.literal(1).check(z.describe('The version of this format.')),
  people: z
    .array(person)
    .check(
      z.minLength(1, says('lists nobody', 'add at least one person')),
      z.describe('Everybody who counts.'),
    ),
  groups: z._default(z.record(directoryIdSchema, group).check(z.describe('Groups of people, by id.')), {}),
  externalParties: z._default(
    z.array(externalParty).check(z.describe('Outside organisations that hold credentials here.')),
    [],
  ),
  agents: z._default(
    z
      .array(agent)
      .check(
        z.describe(
          'Workloads that decide by themselves what they ask for, such as AI agents. They never approve.',
        ),
      ),
    [],
  ),
  accounts: z._default(z.array(account).check(z.describe('The accounts and where they lie.')), []),
  owners: owners.check(z.describe('How the owner of a credential is found.')),
  emergencyIdentities: z._default(
    z
      .array(arn)
      .check(
        z.describe(
          'IAM users and roots kept in a vault for emergencies; no rule ever touches what is theirs.',
        ),
      ),
    [],
  ),
}).check(z.describe('Who is who: people, groups, outside parties and accounts.'));

export type DirectoryDocument = z.infer<typeof directorySchema>;
export type ExternalParty = DirectoryDocument['externalParties'][number];
