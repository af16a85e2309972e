/** The schedule fires every minute; the workflow runs cold on a busy machine. */
export const SCHEDULED_RUN_MS = 180_000;
export const DELIVERY_MS = 30_000;
/** Four cold calls of a function that looks three times whether the new key works. */
export const ROTATION_MS = 60_000;
