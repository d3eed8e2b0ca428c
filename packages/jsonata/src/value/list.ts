/** A list that is never written on. */
export const empty: unknown[] = Object.freeze([]) as unknown as unknown[];
