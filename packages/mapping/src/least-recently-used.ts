/** A cache that forgets what has not been used for longest once the summed weights pass the limit. */
export class LeastRecentlyUsed<T> {
  readonly #entries = new Map<string, { value: T; weight: number }>();
  readonly #limit: number;
  #weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The value under the key, made and kept where it is new. What throws is not kept. */
  get(key: string, weight: number, make: () => T): T {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const value = make();
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    this.#forget();
    return value;
  }

  #forget(): void {
    for (const [key, { weight }] of this.#entries) {
      if (this.#weight <= this.#limit || this.#entries.size === 1) return;
      this.#entries.delete(key);
      this.#weight -= weight;
    }
  }
}
