/** The parts of the reference that no schema can say. */

export const API_TEXT = `# API reference

<!-- Generated from the routes and schemas: npx vitest run test/api/published.test.ts -u -->

People, workloads and agents talk to the janitor over HTTPS. A deployed one answers at its REST API with IAM
authorisation; \`janitor serve\` answers the same on this machine. [openapi.json](openapi.json) is the same contract for
programs, and the API itself serves it.

- **Sign every call** with your own AWS credentials: Signature Version 4, service \`execute-api\`, in the headers. What
  the gateway refuses (no signature, a wrong one, a caller whom the resource policy does not admit) is a problem, too:
  \`caller-unauthenticated\` or \`caller-refused\`, with the gateway's own words as \`detail\`.
- **Who you are** is what AWS says of the signature, resolved by the policy's directory on each call; no header and no
  field can claim it. \`GET /v1/caller\` tells whom the API takes you for.
- **Bodies** are JSON objects in UTF-8, \`content-type: application/json\`, at most 64 KB and ten levels deep. Unknown
  fields and query parameters are refused, and a parameter that is given twice.
- **Repeat safely.** A request's id is its client's choice, and the same id with the same content gives what is stored;
  answers and decisions that are repeated by the same person say so. Who comes second in a race gets 409 with what won.
- **Nothing is approved by a link.** Decisions are signed POSTs that name the hash of what was shown.
- **Break-glass access** has a function of its own behind the same API. The credentials of a session are in the answer to
  whoever took the grant and nowhere else; nothing is kept of them but the id of the access key.
- **Pages.** Lists take \`limit\` and \`cursor\`; while there are more, an answer has \`nextCursor\`.
- **Instants** are UTC with milliseconds, such as \`2026-01-31T09:00:00.000Z\`.
- Answers may grow fields: pass over those you do not know.`;

export const PROBLEMS_TEXT = `Errors are problem details (RFC 9457, \`application/problem+json\`): \`type\`, \`title\`, \`status\`, \`detail\` for people,
\`code\` for programs, often a \`hint\` with the way out, and for \`request-invalid\` a list of \`errors\` with \`field\` and
\`message\`. Values that were sent are not repeated. 429 and 503 carry \`retry-after\` in seconds.

Nothing is stored when the answer is 4xx, but for what the policy denies: a denied request and a refused break-glass grant
are recorded, because a refusal must be as explainable as a grant, and a delegation that was presented is used up.

Every operation may also answer \`request-invalid\`, \`header-ambiguous\`, \`caller-unauthenticated\`, \`caller-unresolved\`,
\`caller-refused\`, \`throttled\`, \`unexpected\`, \`organisation-unreadable\`, \`state-dir-locked\`, \`ledger-contended\` and
\`timed-out\`; those with a body \`body-not-json\`, \`body-too-deep\`, \`body-key-forbidden\`, \`body-too-large\` and
\`content-type-unsupported\`. A code that is not in this table may come from deeper down; its status is then 400, 403, 502
or 503, by who can mend it.`;
