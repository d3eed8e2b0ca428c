import type { Path } from '../parts/parts.ts';
import { pointer } from '../pointer.ts';

/** A set of places in a bundle. */
export class Places {
  readonly #pointers: ReadonlySet<string>;

  constructor(paths: readonly Path[] = []) {
    this.#pointers = new Set(paths.map((path) => pointer(...path)));
  }

  has(path: Path): boolean {
    return this.#pointers.has(pointer(...path));
  }

  /** Whether one of the places is inside the part at the path. */
  isAnyIn(path: Path): boolean {
    const start = `${pointer(...path)}/`;
    return [...this.#pointers].some((each) => each.startsWith(start));
  }
}
