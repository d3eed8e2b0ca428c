export { nextTime, timesAfter } from './next-time.ts';
export { readRule, ruleOf } from './rule.ts';
export type { WallRule } from './wall-clock.ts';
export { isTimeZone } from './zone.ts';
