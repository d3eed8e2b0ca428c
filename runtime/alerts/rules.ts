import type { ErrorCategory } from '@millrace/contract';
import type { FlowFailures, Late, OpenDeadLetters, Processes } from '../postgres/alerts/look-for-trouble.ts';
import type { Finding, Incident } from '../postgres/alerts/raise-findings.ts';
import type { RefusedLogin } from '../postgres/connections/health.ts';

/** What one look at the database has shown. */
export interface Look {
  readonly tenants: readonly string[];
  readonly failures: readonly FlowFailures[];
  readonly lateRuns: readonly Late[];
  readonly lateTimers: readonly Late[];
  readonly deadLetters: readonly OpenDeadLetters[];
  readonly processes: Processes;
  readonly refusedLogins: readonly RefusedLogin[];
}

/** Every code that these rules raise, and so close. */
export const ruleCodes = [
  'FLOW_FAILING',
  'RUNS_LATE',
  'TIMERS_LATE',
  'DEAD_LETTERS',
  'WORKERS_GONE',
  'PROCESS_LOST',
  'CONNECTION_REFUSED',
] as const;

/** Within this time failures are counted together. */
export const countedWithinMs = 15 * 60_000;
/** What is ready or due waits for milliseconds where all is well. */
export const lateAfterMs = 60_000;

/**
 * Failed steps of a flow, within {@link countedWithinMs}, from which on it is an incident of the flow (R-F8). Of the
 * categories that are missing a single step raises its own alert, or the dead letters tell.
 */
const mostFailures: Partial<Record<ErrorCategory, number>> = { transient: 3, 'rate-limit': 5, validation: 10 };
const mostDeadLetters = 10;
/** R-C7: after a day somebody has to be told. */
const oldestDeadLetterSeconds = 86_400;

/** What is wrong. */
export function findTrouble(look: Look): Finding[] {
  return [
    ...look.failures.flatMap(failingFlow),
    ...look.deadLetters.flatMap(unattended),
    ...look.lateRuns.map((late) => lateWork(late, 'RUNS_LATE', 'A run has been ready and not taken')),
    ...look.lateTimers.map((late) => lateWork(late, 'TIMERS_LATE', 'A timer has been due and not fired')),
    ...look.refusedLogins.map(refusedLogin),
    ...look.tenants.flatMap((tenant) => missingProcesses(look.processes, tenant)),
  ];
}

/**
 * What is not over. An incident of a flow ends when nothing of it is left, not when there is less of it than it began with: what
 * keeps failing every few minutes would otherwise be told again and again.
 */
export function goingOn(look: Look): Incident[] {
  return [
    ...findTrouble(look),
    ...look.failures.map((some) => ({ tenant: some.tenant, incident: failing(some) })),
    ...look.deadLetters.map((some) => ({ tenant: some.tenant, incident: unattendedIn(some) })),
  ];
}

function failing({ environment, flowId, category }: FlowFailures): string {
  return `failing ${environment} ${flowId} ${category}`;
}

function unattendedIn({ environment, flowId }: OpenDeadLetters): string {
  return `dead letters ${environment} ${flowId}`;
}

function failingFlow(flow: FlowFailures): Finding[] {
  const { tenant, flowId, category, failures } = flow;
  const most = mostFailures[category as ErrorCategory];
  if (most === undefined || failures < most) return [];
  const incident = failing(flow);
  const message = `${failures} steps of the flow “${flowId}” failed within ${countedWithinMs / 60_000} minutes with errors of the category “${category}”.`;
  return [{ tenant, incident, code: 'FLOW_FAILING', severity: 'warning', message, flowId }];
}

function unattended(letters: OpenDeadLetters): Finding[] {
  const { tenant, flowId, count, seconds } = letters;
  const isOld = seconds >= oldestDeadLetterSeconds;
  if (!isOld && count < mostDeadLetters) return [];
  const runs = count === 1 ? 'One failed run' : `${count} failed runs`;
  const wait = count === 1 ? 'waits' : 'wait';
  const message = `${runs} of the flow “${flowId}” ${wait} for somebody to deal with, the oldest for ${inWords(seconds)}.`;
  const incident = unattendedIn(letters);
  return [{ tenant, incident, code: 'DEAD_LETTERS', severity: 'warning', message, flowId }];
}

function lateWork({ tenant, seconds }: Late, code: 'RUNS_LATE' | 'TIMERS_LATE', what: string): Finding {
  return { tenant, incident: code, code, severity: 'high', message: `${what} for ${inWords(seconds)}.` };
}

/** Nothing that uses the connection gets anywhere before somebody mends its login. */
function refusedLogin({ tenant, environment, connection, name, message }: RefusedLogin): Finding {
  const incident = `connection ${connection}`;
  const told = `The connection “${name}” in ${environment} cannot be used: ${message}`;
  return { tenant, incident, code: 'CONNECTION_REFUSED', severity: 'high', message: told };
}

/** Whoever looks is alive: where no process is known, none has said yet that it is there. */
function missingProcesses({ alive, working, lost }: Processes, tenant: string): Finding[] {
  const gone = alive > 0 && working === 0;
  return [
    ...(gone ? [missing(tenant, 'WORKERS_GONE', 'high', 'No process works on runs.')] : []),
    ...(lost > 0 ? [missing(tenant, 'PROCESS_LOST', 'warning', lostInWords(lost))] : []),
  ];
}

function missing(tenant: string, code: string, severity: Finding['severity'], message: string): Finding {
  return { tenant, incident: code, code, severity, message };
}

function lostInWords(lost: number): string {
  return lost === 1
    ? 'A process of this instance has died and has not been replaced.'
    : `${lost} processes of this instance have died and have not been replaced.`;
}

function inWords(seconds: number): string {
  const [amount, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [Math.floor(seconds / 60), 'minute']
        : seconds < 172_800
          ? [Math.floor(seconds / 3600), 'hour']
          : [Math.floor(seconds / 86_400), 'day'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
