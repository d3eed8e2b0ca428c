/** It cannot be told here whether the data fits: it takes too much, or needs what only ajv knows. */
export class CannotTell extends Error {}

const cannotTell = new CannotTell('It cannot be told here whether the data fits.');

/** @throws {CannotTell} */
export function giveUp(): never {
  throw cannotTell;
}

/** What a check may still do; a unit is about a value looked at. */
export class Work {
  #left: number;
  constructor(units: number) {
    this.#left = units;
  }
  /** @throws {CannotTell} where there is not so much left */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) giveUp();
  }
}
