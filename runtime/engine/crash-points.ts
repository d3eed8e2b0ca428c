/**
 * Places at which a process may die, by name. The fault tests kill the process with SIGKILL at each of them in turn
 * (`MILLRACE_CRASH_AT=<name>` or `<name>:<n>` for the n-th pass); without the variable a point costs one comparison.
 */
export const crashPoints = [
  'intake.stored',
  'burst.restored',
  'effect.before',
  'effect.after',
  'commit.before',
  'commit.inside',
  'commit.after',
  'timer.fired',
  'signal.stored',
] as const;

export type CrashPoint = (typeof crashPoints)[number];

const [target, count = '1'] = (process.env.MILLRACE_CRASH_AT ?? '').split(':');
let passes = 0;

export function crashPoint(name: CrashPoint): void {
  if (name === target && ++passes === Number(count)) process.kill(process.pid, 'SIGKILL');
}
