/** The parts of the reference that no schema can say. */

export const INTRODUCTION = `# Policy reference

<!-- Generated from the schemas: npx vitest run test/policy/published.test.ts -u -->

A policy is a folder with \`janitor.yaml\` (rules and limits), \`directory.yaml\` (who is who) and \`cases/\` (what the
rules must say of given credentials). Unknown keys are refused. Durations are a whole number and \`m\`, \`h\` or \`d\`,
such as \`45d\`. Account ids are in quotes. Anchors, aliases and tags of YAML are not accepted.

\`janitor policy check\` names every error at once with line, column and what to write instead; \`janitor policy test\`
runs the cases; \`janitor policy schema\` prints the JSON Schemas that editors use.

The hash of a policy is over the content of both files, not over their text: comments and the order of keys do not
change it, and neither do the names of people. Persons are ids everywhere; their names are in \`directory.yaml\` only and
never in archives or records.`;

export const STEPS_TEXT = `Steps run in the order written, each kind at most once.

| step | for | what happens | undone by |
| --- | --- | --- | --- |
| \`notify\` | all kinds | The owner is told, once per finding, in one digest per owner. | |
| \`tag\` | access keys, secrets | Owner and expiry are written as tags: \`janitor:<access key id>\` on the user, \`janitor:owner\` and \`janitor:expires\` on the secret. | overwriting |
| \`rotate: { wait, tier, window }\` | access keys, secrets | A new value is made, proven to work and made the current one; the old access key stays in force. | |
| \`disable: { wait, tier }\` | access keys, secrets | The key is made inactive; reading the secret is denied. This is the quarantine. | \`janitor restore\` |
| \`delete: { wait, tier }\` | access keys, secrets | The key is deleted for good; the secret with a recovery window of 30 days. | secrets: \`janitor restore\` |

- A destructive step and \`rotate\` need \`notify\` before them, and \`delete\` needs \`disable\` before it.
- Before each of these steps the owner gets a notice of its own, which names the step and the earliest instant. \`wait\`
  counts from the moment that notice was accepted for delivery. The notice of a deletion is sent after the quarantine
  began; the deletion comes after \`wait\`, and never within 3 days of the quarantine.
- Tiers: \`routine\` runs within the limits; \`guarded\` and \`critical\` only as part of an approved plan. \`disable\` is
  routine unless written otherwise, \`delete\` guarded and never routine. When the notice did not reach a resolved owner, a
  routine step becomes guarded.
- \`rotate\` ends a rule. A secret is rotated by its own rotation (a function, managed rotation or a managed external
  secret). An access key is rotated in the secret that holds it: one with the tag \`janitor:iam-user\`, or one named as
  \`rotation.stores.name\` says. What cannot be rotated is held with the reason, its owner is told once, and it is never
  disabled instead. A rotation that fails stops rotations in the account until a person lets them go on:
  \`janitor resume --rotations\`.
- After a rotation the old access key is *replaced*. It is retired by rules of its own, under all guards:
  \`match: { replacedFor: 7d, unusedFor: 7d }\` finds those that nobody uses any more. One that is used long after it was
  replaced has a second consumer, whom only its owner knows.
- What a break-glass grant made or showed is *exposed* until it is rotated: whoever had the grant may still know it.
  \`match: { exposed: true }\` finds it, and \`steps: [notify, { rotate: { wait: 1d } }]\` replaces it. Without such a rule
  it is on record, in the evidence of the grant and in \`janitor explain\`, and people rotate it with \`janitor rotate\`.`;

export const JUDGING_TEXT = `Every rule for its kind is asked about every credential, and each answer is kept with its reasons. The verdict is the
step that is due first and free to run (\`act\`); else what is held (\`hold\`); else \`unknown\`; else \`keep\`. A hold on one
rule does not silence another.

Proof of disuse reaches only as far as the evidence: \`unusedFor\` and \`usedWithin\` count back from the instant the
evidence speaks of, less \`evidence.lastUsedLag\`, not from now. A credential that was never used counts from its creation.

While a credential is in our quarantine, \`status\` sees what it was before. When somebody makes a key active again, the
finding starts over with a new notice and a new wait.

What holds a step:`;

export const REQUESTS_TEXT = `People and workloads ask for exceptions, extensions, restores, rotations, approval of plans and overrides of the policy.
Everything under \`requests\` has a default; without the section every request needs a person. Who may do what by the
shipped policy is in [authorisation-matrix.md](authorisation-matrix.md).

- **Tiers.** A request that ends within the limit of its kind in \`requests.routine\` is routine and pre-approved. A rule's own
  \`requests.routineUpTo\` takes its place for exceptions and extensions that name the rule; of several rules the shortest
  counts. Every other request has the tier of its kind: \`guarded\` needs the quorum of \`approvals.guarded\`, \`critical\` that of
  \`approvals.critical\`.
- **Who approves and who may ask.** In \`requests.approvers\` and \`requests.eligible\` the first entry that fits counts, so the
  narrow ones come first. An entry fits when all it names fits: kinds, rules, the account or its organisational unit, the
  tier. For several rules each is looked up by itself: whoever asks has to be eligible for all, and when different groups
  would approve, each rule is asked for in a request of its own. Requests about a credential as a whole, such as
  \`restore\`, name no rule: entries with \`rules\` do not fit them.
- **Eligible** is who began the chain of a delegation, and an autonomous agent by the person who answers for it. Where groups
  are named, a workload that no person stands behind is not eligible.
- **Left.** Whoever has left is a member of nothing.
- **Never oneself.** Nobody approves what they ask for, are served by, stand in the chain of or answer for as a sponsor.`;

export const TICKETS_TEXT = `Every request names a ticket. \`requests.tickets.pattern\` has to fit the whole reference. With
\`requests.tickets.system\` its state is asked for when the request is made and again by every sweep for exceptions that last
\`while: { ticket: open }\`. What answers there implements this contract, for most ticket systems as a few lines of an adapter:

- \`GET\` of the url, with the reference, percent-encoded, in the place of \`{ticket}\`, \`accept: application/json\` and, where the
  janitor was given a token, \`authorization: Bearer ...\`.
- The answer is \`200\` with \`content-type: application/json\` and at most 4,096 bytes:
  \`{ "ticket": "OPS-123", "state": "open" }\`. \`ticket\` repeats the reference asked for, \`state\` is \`open\` or \`closed\`, and there
  are no other fields.
- Everything else means that the state is unknown: another status, a redirect, no answer in time, another shape, another
  ticket. \`404\` does, too: most systems say so as well of what the caller may not see, and a lost right must not close every
  ticket.

A closed ticket refuses a request and ends an exception. An unknown state does neither: a request is recorded as unverified
and goes to a person even where it would be pre-approved; an exception lasts until its end. Nothing unknown is acted on.`;

export const BREAK_GLASS_TEXT = `With the section \`breakGlass\` people take roles of a member account in an emergency: at once, for a while, on record, and
reviewed afterwards. Without it nothing of the kind is deployed.

- **Who may have a role.** A person whom the directory knows, in one of the groups of \`eligible\`, and on call where the role
  has \`onCall\`. When nobody can say who is on call, a member of \`emergencyGroup\` may go ahead; that is marked, and reviewed by
  two.
- **Until when.** A grant ends at most \`longest\` after it was asked for, and its end never moves: longer is another grant.
- **Who approves.** Nobody, for a \`routine\` role; another person of \`approvers\` for a \`guarded\` one, two for a \`critical\` one.
  While an earlier use of the role by the same person waits for its review longer than \`reviewWithin\`, every use takes a
  second person.
- **Who reviews.** Somebody of \`reviewers\` who neither took nor approved it.
- **What it may do.** What \`permissions\` allow, less what the boundary of all break-glass roles denies. It does not follow the
  policy by itself: the roles change when the stacks are deployed again, and what differs until then is reported as drift.
- **When the reason goes.** A grant ends when its role leaves the policy, or the one who took it leaves the directory or the
  groups of \`eligible\`.
- **Drills.** Every account with such a role has one more, \`drill\`, that may do nothing but look at itself. Whoever may have any
  role, and the emergency group, may try the whole path on it, without approval and without review.
- **The last resort.** \`emergencyIdentities\` are IAM users and roots in a vault. No rule touches what is theirs, as if
  \`emergencyIdentities\` of directory.yaml named them. Whoever uses one is found by CloudTrail: each day of use is recorded
  afterwards and reviewed by somebody of \`reviewers\` who is no custodian of it. Uses of those that only directory.yaml names
  are reviewed by the group of \`approvals.guarded\`.`;

export const DIRECTORY_TEXT = `The owner of a credential is found in this order: the tags named by \`owners.tags\`, the longest path in \`owners.paths\`,
the person whose \`principals\` name the IAM user, the sponsor of the outside party behind it, the person who created it,
the owner of its account. A tag's value may be an id, a mail address or a principal. Who has left owns nothing, and a
value that names nobody is passed over, as is a creator who is no person; the source of the owner says so. With tags
unknown the owner is unknown. Who created a credential is recorded where the deployed janitor hears of it from CloudTrail.

A credential without an owner, or with none better than that of its account, counts as \`unresolved\`. Notices go to the
owner; when there is none, or notices to the owner bounce, to \`owners.default\`, then to \`riskOwner\`.

An agent is a workload that decides by itself what it asks for. It is known by the role or IAM user it signs as; a role's
path does not matter, since sessions do not show it. Agents never approve. Above the routine tier they ask only with a
person behind them: their \`sponsor\`, who is then no approver of the request either, or whoever signed the request itself.`;

export const PROBLEMS_TEXT = `A problem reads \`file:line:column key: what is wrong (what to write instead)\`. With any problem nothing runs and the exit
code is 2. With \`--format json\` they are an array of \`{ file, line, column, path, message, hint }\`.`;
