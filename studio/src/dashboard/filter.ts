export const periods = ['hour', 'day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** As it stands in an address; a day is what is looked at anyway. */
export function periodOf({ period }: Record<string, unknown>): { readonly period?: Period } {
  const known = periods.find((each) => each === period && each !== 'day');
  return known ? { period: known } : {};
}
