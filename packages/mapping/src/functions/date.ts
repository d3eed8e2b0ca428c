import { dayIn, durationMs } from '@millrace/contract';
import { type HostFunctions, unfitArgument } from './host.ts';

const isoDate = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?\s?(Z|[+-]\d{2}:?\d{2})?)?$/;
const dayMs = 86_400_000;

/**
 * Dates as ISO 8601 text. A time without an offset counts as UTC, so that the machine's own zone never matters.
 */
export const dateFunctions: HostFunctions = {
  date: { signature: '<s-s?:s>', call: date },
  dateAdd: { signature: '<ss:s>', call: dateAdd },
  dateCompact: { signature: '<s-:s>', call: dateCompact },
};

/** The day of a date or date-time: as it is written, or as it is in the given time zone (`Europe/Stockholm`). */
function date(text?: string, zone?: string): string | undefined {
  if (text === undefined) return undefined;
  const { day, ms, timed } = read('date', text);
  return zone === undefined || !timed ? day : dayInZone(zone, ms);
}

function dayInZone(zone: string, ms: number): string {
  try {
    return dayIn(zone, ms);
  } catch {
    throw unfitArgument('date', 'a time zone such as Europe/Stockholm as its second argument');
  }
}

/** `20251227T100000Z`, in UTC: short enough for file names. */
function dateCompact(text?: string): string | undefined {
  if (text === undefined) return undefined;
  return new Date(read('dateCompact', text).ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** A day stays a day when whole days are added; everything else becomes a date-time in UTC. A `-` in front subtracts. */
function dateAdd(text?: string, duration?: string): string | undefined {
  if (text === undefined || duration === undefined) return undefined;
  const { ms, timed } = read('dateAdd', text);
  const added = milliseconds(duration);
  const sum = new Date(ms + added);
  if (Number.isNaN(sum.getTime())) throw unfitArgument('dateAdd', 'a result between the years 0 and 9999');
  return timed || added % dayMs !== 0 ? sum.toISOString() : sum.toISOString().slice(0, 10);
}

function milliseconds(duration: string): number {
  try {
    return duration.startsWith('-') ? -durationMs(duration.slice(1)) : durationMs(duration);
  } catch {
    throw unfitArgument('dateAdd', 'a duration such as P7D or 15m as its second argument');
  }
}

function read(name: string, text: string): { day: string; ms: number; timed: boolean } {
  const [, day = '', time, seconds = ':00', fraction = '', offset = 'Z'] = isoDate.exec(text.trim()) ?? [];
  const ms = Date.parse(`${day}T${time ?? '00:00'}${seconds}${fraction.slice(0, 4)}${offset}`);
  if (Number.isNaN(ms) || !onCalendar(day)) throw unfitArgument(name, 'an ISO 8601 date or date-time');
  return { day, ms, timed: time !== undefined };
}

/** JavaScript reads 31 February as 3 March. */
function onCalendar(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}
