import type { RecordDetail, RecordType } from './queries.ts';

export type Lifecycle = NonNullable<RecordType['lifecycle']>;

/** All states, as far from the initial one as it takes moves to come there; what nothing leads to stands last. */
export function statesOf(lifecycle: Lifecycle): string[] {
  return ranksOf(lifecycle).flat();
}

/** The states in columns: those of a column are as many moves away from the initial one. */
export function ranksOf({ initial, transitions }: Lifecycle): string[][] {
  const ranks: string[][] = [[initial]];
  const seen = new Set([initial]);
  for (let rank = ranks[0] ?? []; rank.length > 0; rank = ranks.at(-1) ?? []) {
    const next = [...new Set(rank.flatMap((state) => transitions[state] ?? []))].filter((state) => !seen.has(state));
    if (next.length === 0) break;
    for (const state of next) seen.add(state);
    ranks.push(next);
  }
  const unreached = Object.keys(transitions).filter((state) => !seen.has(state));
  return unreached.length > 0 ? [...ranks, unreached] : ranks;
}

/** The state that a record’s data holds; nothing where it holds none. */
export function stateIn(data: RecordDetail['data'], field: string): string | undefined {
  const state = data[field];
  return typeof state === 'string' ? state : undefined;
}

/** Whose step wrote a version: `<run>/<step>`. */
export function writerOf(who: string): { readonly run: string; readonly step: string } | undefined {
  const [, run, step] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(.+)$/.exec(who) ?? [];
  return run === undefined || step === undefined ? undefined : { run, step };
}
