/** Stands where a rule would, in plans and notices of what people asked for; no rule can be called this. */
export const ASKED_FOR = 'asked for';
