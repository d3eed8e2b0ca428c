import { MillraceError } from '@millrace/contract';
import { isTimeZone, readRule, ruleOf, timesAfter } from '@millrace/schedule';

/** The next times of a rule, or why it cannot be followed. */
export type ScheduleTimes = { readonly times: readonly string[] } | { readonly wrong: string };

const shown = 5;

/** @param rule five cron fields, or a recurrence rule @param zone IANA name of the zone whose clock counts */
export function scheduleTimes(rule: string, zone: string, now: Date): ScheduleTimes {
  if (!isTimeZone(zone)) return { wrong: `“${zone}” is no time zone.` };
  try {
    const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: zone });
    return { times: timesAfter(readRule(ruleOf(rule)), zone, now, shown).map((time) => format.format(time)) };
  } catch (error) {
    if (error instanceof MillraceError) return { wrong: error.message };
    throw error;
  }
}
