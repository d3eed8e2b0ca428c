export const alertViews = ['open', 'closed', 'channels'] as const;
export type AlertView = (typeof alertViews)[number];

/** As it stands in an address; open alerts are what is looked at anyway. */
export function alertViewOf({ view }: Record<string, unknown>): { readonly view?: AlertView } {
  const known = alertViews.find((each) => each === view && each !== 'open');
  return known ? { view: known } : {};
}
