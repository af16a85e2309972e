/** What the function that answers puts on the hub's bus when something may be carried out; a test holds both equal. */
export const APPROVED = { source: 'credential-janitor', detailType: 'RequestApproved' } as const;
