import type { Performed } from './perform.ts';

/** What was under way has come to its end. */
interface Done {
  readonly what: string;
  readonly performed: Performed;
}

/** The steps that are being performed, side by side. */
export class UnderWay {
  readonly #doing = new Map<string, Promise<Done>>();

  get isEmpty(): boolean {
    return this.#doing.size === 0;
  }

  /** @param what the step, or the pass for which a step reads the item */
  has(what: string): boolean {
    return this.#doing.has(what);
  }

  begin(what: string, doing: Promise<Performed>): void {
    const done = doing.then((performed) => ({ what, performed }));
    // Whoever waits for it hears of its breaking off; until then somebody else may be waited for.
    done.catch(() => undefined);
    this.#doing.set(what, done);
  }

  /** What comes to its end first. It counts as under way until it is taken. */
  first(): Promise<Done> {
    return Promise.race(this.#doing.values());
  }

  take({ what, performed }: Done): Performed {
    this.#doing.delete(what);
    return performed;
  }
}
