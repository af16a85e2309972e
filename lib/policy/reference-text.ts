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
  replaced has a second consumer, whom only its owner knows.`;

export const JUDGING_TEXT = `Every rule for its kind is asked about every credential, and each answer is kept with its reasons. The verdict is the
step that is due first and free to run (\`act\`); else what is held (\`hold\`); else \`unknown\`; else \`keep\`. A hold on one
rule does not silence another.

Proof of disuse reaches only as far as the evidence: \`unusedFor\` and \`usedWithin\` count back from the instant the
evidence speaks of, less \`evidence.lastUsedLag\`, not from now. A credential that was never used counts from its creation.

While a credential is in our quarantine, \`status\` sees what it was before. When somebody makes a key active again, the
finding starts over with a new notice and a new wait.

What holds a step:`;

export const DIRECTORY_TEXT = `The owner of a credential is found in this order: the tags named by \`owners.tags\`, the longest path in \`owners.paths\`,
the person whose \`principals\` name the IAM user, the sponsor of the outside party behind it, the person who created it,
the owner of its account. A tag's value may be an id, a mail address or a principal. Who has left owns nothing, and a
value that names nobody is passed over, as is a creator who is no person; the source of the owner says so. With tags
unknown the owner is unknown. Who created a credential is recorded where the deployed janitor hears of it from CloudTrail.

A credential without an owner, or with none better than that of its account, counts as \`unresolved\`. Notices go to the
owner; when there is none, or notices to the owner bounce, to \`owners.default\`, then to \`riskOwner\`.`;

export const PROBLEMS_TEXT = `A problem reads \`file:line:column key: what is wrong (what to write instead)\`. With any problem nothing runs and the exit
code is 2. With \`--format json\` they are an array of \`{ file, line, column, path, message, hint }\`.`;
