import { dayMs, type WallTime } from './wall-clock.ts';

/** Further from UTC than any zone is, and nearer than two changes of one zone's clock are to each other. */
const beyondAnyOffset = 1.1 * dayMs;
const mostFormats = 1000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the name is one of an IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows in the zone at an instant (epoch milliseconds). */
export function wallAt(zone: string, instant: number): WallTime {
  return instant + offsetAt(zone, instant);
}

/** Milliseconds by which the zone's clock is ahead of UTC. */
export function offsetAt(zone: string, instant: number): number {
  const shown = formatOf(zone).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(shown.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant at which the zone's clock shows the time. Of a time that it shows twice, the first; for one that it skips,
 * the instant right after the skipped hour, so that nothing is lost. Never falls where `wall` rises.
 */
export function instantOf(zone: string, wall: WallTime): number {
  const offsets = [wall - beyondAnyOffset, wall + beyondAnyOffset].map((instant) => offsetAt(zone, instant));
  const [earliest, latest] = offsets.map((offset) => wall - offset).sort((a, b) => a - b) as [number, number];
  const shown = [earliest, latest].find((instant) => wallAt(zone, instant) === wall);
  return shown ?? changeWithin(zone, earliest, latest);
}

/** The instant of the change of the zone's clock that lies after `before` and not after `by`, to the second. */
function changeWithin(zone: string, before: number, by: number): number {
  const offset = offsetAt(zone, by);
  let [low, high] = [Math.floor(before / 1000), Math.ceil(by / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1000) === offset) high = middle;
    else low = middle;
  }
  return high * 1000;
}

/** Kept, since making one takes fifty times as long as using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formats.size >= mostFormats) formats.clear();
  formats.set(zone, format);
  return format;
}
