/** Date and time as ISO 8601 writes it, in the extended or the compact form that file names use. */
const dateTime =
  /^(\d{4})-?(\d{2})-?(\d{2})[Tt ]?(\d{2})[:-]?(\d{2})[:-]?(\d{2})(?:[.,](\d{1,9}))?([Zz]|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/;

/**
 * Milliseconds since 1970 of a date and time (`2025-12-27T10:00:00Z`, `20251227T100000Z`, `20251227110000+0100`);
 * without a zone it is read as UTC. Nothing where the text is no such time, or no day of the calendar.
 */
export function instantOf(text: string): number | undefined {
  const parts = dateTime.exec(text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const local = Date.UTC(
    year,
    month - 1,
    day,
    hour,
    minute,
    second,
    Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3)),
  );
  if (
    new Date(local).toISOString().slice(0, 19) !==
    `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`
  ) {
    return undefined;
  }
  return local - offsetMs(parts[8]);
}

function offsetMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** An RFC 3339 date-time: extended form, with its zone, so that it names one instant. */
export function isDateTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})$/.test(text) &&
    instantOf(text) !== undefined
  );
}

/** The compact form for file names: `20251227T100000Z`. */
export function compactTime(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}
