/** A run as it may have been taken. */
export interface Doubt {
  readonly run: string;
  /** Under which it would be held. */
  readonly token: number;
}

/**
 * Runs that this process may have taken without knowing: the answer to the commit was lost. If it has, nobody works on them,
 * and they may be taken again at once; otherwise they would stand still until their leases run out.
 */
export interface Doubts {
  /** They are forgotten when the leases have run out: then anybody may take the runs. */
  add(doubts: readonly Doubt[]): void;
  /** Those about the runs. They are the caller's from now on: two must not take up the same. */
  takeUp(runs: readonly string[]): Doubt[];
}

export function createDoubts(leaseMs: number): Doubts {
  const all = new Set<Doubt>();
  return {
    add(doubts) {
      for (const doubt of doubts) {
        all.add(doubt);
        setTimeout(() => all.delete(doubt), leaseMs).unref();
      }
    },
    takeUp(runs) {
      if (all.size === 0) return [];
      const asked = new Set(runs);
      const found = [...all].filter(({ run }) => asked.has(run));
      for (const doubt of found) all.delete(doubt);
      return found;
    },
  };
}
