/** Names as they are written with a capital. */
export const monthNames: readonly string[] =
  `January February March April May June July August September October November
December`.split(/\s+/);
/** From Monday on, as ISO 8601 counts. */
export const dayNames: readonly string[] = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

const dayMs = 86_400_000;

/** The number behind each component of a date in UTC. */
export function componentOf(date: Date, component: string): number {
  switch (component) {
    case 'Y':
      return date.getUTCFullYear();
    case 'M':
      return date.getUTCMonth() + 1;
    case 'D':
      return date.getUTCDate();
    case 'd':
      return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / dayMs) + 1;
    case 'F':
      return date.getUTCDay() || 7;
    case 'W':
      return weekOf(thursdayOf(date), Date.UTC(thursdayOf(date).getUTCFullYear(), 0));
    case 'X':
      return thursdayOf(date).getUTCFullYear();
    case 'w':
      return weekOf(thursdayOf(date), Date.UTC(thursdayOf(date).getUTCFullYear(), thursdayOf(date).getUTCMonth()));
    case 'x':
      return thursdayOf(date).getUTCMonth() + 1;
    case 'H':
      return date.getUTCHours();
    case 'h':
      return date.getUTCHours() % 12 || 12;
    case 'P':
      return date.getUTCHours() < 12 ? 0 : 1;
    case 'm':
      return date.getUTCMinutes();
    case 's':
      return date.getUTCSeconds();
    default:
      return date.getUTCMilliseconds();
  }
}

/** A week belongs to the year and the month that its Thursday lies in (ISO 8601). */
function thursdayOf(date: Date): Date {
  return new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayMs);
}

/** The how manieth Thursday since a day. */
function weekOf(thursday: Date, start: number): number {
  return Math.floor((thursday.getTime() - start) / dayMs / 7) + 1;
}
