/** An answer of the host's that has not come yet. */
export class Pending {
  readonly at: number;
  readonly promise: Promise<unknown>;

  constructor(at: number, promise: Promise<unknown>) {
    this.at = at;
    this.promise = promise;
  }
}

type Answer = ({ readonly value: unknown } | { readonly error: unknown }) & {
  /** Number of the next question, behind those that were asked while this one was answered. */
  readonly next: number;
};

/**
 * What the host has answered, in the order of the questions. An evaluation that must wait ends, and begins anew once
 * the answer is there: as everything but the host's answers is determined, it comes back to the same place.
 */
export class Journal {
  private readonly answers: (Answer | undefined)[] = [];
  private readonly draws: number[] = [];
  private next = 0;
  private drawn = 0;

  /** @throws {Pending} when the answer is a promise */
  answer(ask: () => unknown): unknown {
    const at = this.next++;
    const known = this.answers[at];
    if (known) {
      this.next = known.next;
      if ('error' in known) throw known.error;
      return known.value;
    }
    const value = ask();
    if (value instanceof Promise) throw new Pending(at, value);
    this.answers[at] = { value, next: this.next };
    return value;
  }

  /** The same numbers in every attempt. */
  draw(random: () => number): number {
    const at = this.drawn++;
    const known = this.draws[at];
    if (known !== undefined) return known;
    const number = random();
    this.draws.push(number);
    return number;
  }

  async settle({ at, promise }: Pending): Promise<void> {
    try {
      const value = await promise;
      this.answers[at] = { value, next: at + 1 };
    } catch (error) {
      this.answers[at] = { error, next: at + 1 };
    }
  }

  /** From the first question again. */
  rewind(): void {
    this.next = 0;
    this.drawn = 0;
  }
}
