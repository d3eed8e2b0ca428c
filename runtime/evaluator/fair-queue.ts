/** Waiting work, taken tenant by tenant in turn, so that one tenant's queue does not stand before another's. */
export class FairQueue<T> {
  readonly #waiting = new Map<string, T[]>();

  add(tenant: string, item: T): void {
    const items = this.#waiting.get(tenant);
    if (items) items.push(item);
    else this.#waiting.set(tenant, [item]);
  }

  /** Puts work back that was taken, before what has come since. */
  putBack(tenant: string, items: readonly T[]): void {
    if (items.length > 0) this.#waiting.set(tenant, [...items, ...(this.#waiting.get(tenant) ?? [])]);
  }

  /** Tenants with waiting work, the one whose turn it is first. */
  tenants(): string[] {
    return [...this.#waiting.keys()];
  }

  /** The tenant's oldest work; it is the last one's turn afterwards. */
  take(tenant: string): T | undefined {
    const items = this.#waiting.get(tenant) ?? [];
    const item = items.shift();
    this.#waiting.delete(tenant);
    if (items.length > 0) this.#waiting.set(tenant, items);
    return item;
  }

  takeAll(): T[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return all;
  }
}
