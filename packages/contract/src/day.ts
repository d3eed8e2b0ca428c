const mostFormats = 1000;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The calendar day in a time zone, as `2026-03-02`.
 * @param time or epoch milliseconds
 * @throws {RangeError} where there is no such zone
 */
export function dayIn(timeZone: string, time: Date | number): string {
  return formatOf(timeZone).format(time);
}

/** Kept, since making one takes fifty times as long as using it. Swedish dates are ISO 8601. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  if (formats.size >= mostFormats) formats.clear();
  formats.set(timeZone, format);
  return format;
}
