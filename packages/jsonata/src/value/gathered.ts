import type { Run } from '../run.ts';

/** Values put together one by one, as `$append` would, but without a new list each time. */
export class Gathered {
  #value: unknown;
  /** The value is a list made here, which may be added to. */
  #own = false;

  constructor(first: unknown) {
    this.#value = first;
  }

  get value(): unknown {
    return this.#value;
  }

  add(run: Run, value: unknown, position?: number): void {
    if (value === undefined) return;
    if (this.#value === undefined) this.#value = value;
    else this.#append(run, value, position);
  }

  #append(run: Run, value: unknown, position: number | undefined): void {
    const list = this.#list(run, position);
    const items = Array.isArray(value) ? value : [value];
    run.allocate(8 * items.length, position);
    run.spend(items.length, position);
    for (const item of items) list.push(item);
  }

  #list(run: Run, position: number | undefined): unknown[] {
    if (this.#own) return this.#value as unknown[];
    const list = Array.isArray(this.#value) ? [...(this.#value as unknown[])] : [this.#value];
    run.allocateList(list.length, position);
    run.spend(list.length, position);
    this.#value = list;
    this.#own = true;
    return list;
  }
}
