/** AWS's status in our spelling: `active`, `inactive`, `expired`; what we do not know stays itself, never active. */
export function statusWord(status: string): string {
  return status.toLowerCase();
}
