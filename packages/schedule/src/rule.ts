import type { Schedule } from '@millrace/contract';
import { cron } from './cron.ts';
import { recurrence } from './recurrence.ts';
import { parseRecurrence } from './recurrence-text.ts';
import type { WallRule } from './wall-clock.ts';

/** @throws {MillraceError} `SCHEDULE_INVALID` saying what cannot be followed */
export function readRule(rule: Schedule['rule']): WallRule {
  return 'cron' in rule ? cron(rule.cron) : recurrence(parseRecurrence(rule.rrule));
}

/** A rule as people write it: an RFC 5545 rule is made of `NAME=value`, which no cron rule contains. */
export function ruleOf(text: string): Schedule['rule'] {
  return text.includes('=') ? { rrule: text } : { cron: text };
}
