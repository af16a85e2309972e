/**
 * Interleaves two processes deterministically: only the one whose turn it is gets its calls through, for as many as
 * its quota says, then the other's turn comes. A process that has ended passes its turn on. Calls that act take no turn:
 * nothing could prevent what happens between the last look and the act.
 */
export class Turns {
  #running = new Set<string>();
  #current: string | undefined;
  #quota = 0;
  #quotas: number[] = [];
  #waiting: (() => void)[] = [];

  /** Begins taking turns; `quotas` are used up one by one, the last one is repeated. */
  begin(processes: readonly string[], quotas: readonly number[]): void {
    this.#running = new Set(processes);
    this.#quotas = [...quotas];
    this.#current = processes[0];
    this.#quota = this.#next();
  }

  /** Resolves when a call of this process may go on. Processes that take no turns go on at once. */
  async pass(process: string): Promise<void> {
    if (!this.#running.has(process)) return;
    if (this.#current === process && this.#quota === 0) this.#handOver(process);
    while (this.#running.has(process) && this.#current !== process) {
      await new Promise<void>((resume) => this.#waiting.push(resume));
    }
    if (this.#quota > 0) this.#quota -= 1;
  }

  /** The process has ended, well or not. */
  end(process: string): void {
    this.#running.delete(process);
    if (this.#current === process) this.#handOver(process);
  }

  #handOver(from: string): void {
    this.#current = [...this.#running].find((process) => process !== from) ?? from;
    this.#quota = this.#next();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #next(): number {
    return Math.max(1, (this.#quotas.length > 1 ? this.#quotas.shift() : this.#quotas[0]) ?? 1);
  }
}
