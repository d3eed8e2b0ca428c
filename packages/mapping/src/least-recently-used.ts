/** A cache that forgets what has not been used for longest once the summed weights pass the limit. */
export class LeastRecentlyUsed<T extends {}> {
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
    return this.find(key) ?? this.keep(key, weight, make());
  }

  /** The value under the key, if it is kept. */
  find(key: string): T | undefined {
    const known = this.#entries.get(key);
    if (!known) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, known);
    return known.value;
  }

  /** Keeps a value, in the place of what was kept under the key. */
  keep(key: string, weight: number, value: T): T {
    this.#weight += weight - (this.#entries.get(key)?.weight ?? 0);
    this.#entries.set(key, { value, weight });
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
