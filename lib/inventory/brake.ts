/** Pulled once: a reading begins nothing more, and yields what it has begun. */
export class Brake {
  #isPulled = false;

  get isPulled(): boolean {
    return this.#isPulled;
  }

  pull(): void {
    this.#isPulled = true;
  }
}
