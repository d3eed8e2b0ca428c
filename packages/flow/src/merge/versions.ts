/** What two people made of the same thing. */
export interface Versions<T> {
  readonly base: T;
  readonly mine: T;
  readonly theirs: T;
}

export function eachVersion<T, U>({ base, mine, theirs }: Versions<T>, change: (version: T) => U): Versions<U> {
  return { base: change(base), mine: change(mine), theirs: change(theirs) };
}
