const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];
/** A deadline four hours after something that was a moment ago is “in 4 hours”, not in three. */
const nearlyWhole = 0.97;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const exactly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const shortly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** `3 min. ago`, `in 2 days`; a date where it is more than four weeks away. */
export function relativeTime(at: Date, now: Date): string {
  const away = at.getTime() - now.getTime();
  if (Math.abs(away) > 28 * 86_400_000) return day.format(at);
  const [unit, size] = steps.find(([, ms]) => Math.abs(away) >= ms * nearlyWhole) ?? ['second', 1_000];
  // `+ 0` makes a zero of the negative zero, which would be told as “0 sec. ago”.
  return relative.format(Math.round(away / size) + 0, unit);
}

/** Date, time and zone of the person who looks. */
export function exactTime(at: Date): string {
  return exactly.format(at);
}

const shortClock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** A mark at an axis of times: the day where one begins or marks are days apart, the time of day elsewhere. */
export function timeMark(seconds: number, step: number): string {
  const at = new Date(seconds * 1_000);
  const clockOf = shortClock.format(at);
  return step >= 86_400 || clockOf === '00:00' ? shortDay.format(at) : clockOf;
}

export function clockTime(at: Date): string {
  return clock.format(at);
}

const instant = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** A text of the server with its ISO times as the person who looks reads times. */
export function withLocalTimes(text: string): string {
  return text.replace(instant, (iso) => shortly.format(new Date(iso)));
}

/** `< 1 ms`, `840 ms`, `12.4 s`, `3 min 20 s`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 100) / 10} s`;
  const seconds = Math.floor(ms / 1_000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  const shown = units.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
