export const deadLetterStates = ['open', 'redriven', 'discarded'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/** Which dead letters are meant. */
export interface DeadLetterFilter {
  readonly flow?: string | undefined;
  readonly code?: string | undefined;
  readonly category?: string | undefined;
  readonly state?: DeadLetterState | undefined;
}

/** As it stands in an address; what is unknown there is passed over. */
export function deadLetterFilterOf(search: Record<string, unknown>): DeadLetterFilter {
  const texts = ['flow', 'code', 'category'].flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  const state = deadLetterStates.find((known) => known === search.state && known !== 'open');
  return { ...Object.fromEntries(texts), ...(state && { state }) };
}

/** Groups that fit, and how many dead letters they are together. */
export function countOf(
  groups: readonly {
    readonly flowId: string;
    readonly code: string;
    readonly category: string;
    readonly count: number;
  }[],
  { flow, code, category }: DeadLetterFilter,
): number {
  return groups
    .filter(
      (group) =>
        (flow ?? group.flowId) === group.flowId &&
        (code ?? group.code) === group.code &&
        (category ?? group.category) === group.category,
    )
    .reduce((sum, { count }) => sum + count, 0);
}
