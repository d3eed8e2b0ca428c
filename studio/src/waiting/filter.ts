export const views = ['all', 'overdue', 'rejected', 'signals'] as const;
/** Which waits are shown, or the signals that nobody has taken. */
export type WaitingView = (typeof views)[number];

export interface WaitingFilter {
  readonly view?: WaitingView;
  readonly key?: string;
}

/** As it stands in an address; what is unknown there is passed over. */
export function waitingFilterOf({ view, key }: Record<string, unknown>): WaitingFilter {
  const known = views.find((each) => each === view);
  const text = typeof key === 'string' || typeof key === 'number' ? String(key) : '';
  return { ...(known && { view: known }), ...(text !== '' && { key: text }) };
}
