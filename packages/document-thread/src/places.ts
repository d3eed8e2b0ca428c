/**
 * Places of which there are few. Who waits for one gets it owner by owner in turn, each owner's in their order: however
 * much one has waiting, another's next is behind one of his at most.
 */
export class Places {
  #free: number;
  /** The owner whose turn it is comes first. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves with the place, which must be left again. @param owner whose it will be */
  async take(owner: string): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#wait(owner, resolve));
  }

  leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free++;
      return;
    }
    const [owner, [first, ...others]] = next;
    this.#waiting.delete(owner);
    if (others.length > 0) this.#waiting.set(owner, others);
    first?.();
  }

  #wait(owner: string, begin: () => void): void {
    const before = this.#waiting.get(owner);
    if (before) before.push(begin);
    else this.#waiting.set(owner, [begin]);
  }
}
