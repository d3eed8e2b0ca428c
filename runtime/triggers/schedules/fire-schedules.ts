import { readRule } from '@millrace/schedule';
import type { Log } from '../../log.ts';
import type { Database } from '../../postgres/database.ts';
import type { NewRun } from '../../postgres/runs/accept-runs.ts';
import {
  type Advance,
  advanceSchedules,
  type DueSchedule,
  holdDueSchedules,
  tenantsWithDueSchedules,
} from '../../postgres/schedules/due-schedules.ts';
import type { Accepting } from '../accepting.ts';
import { type Decision, decideDue, lateMs } from './decide-due.ts';

/** Schedules that are advanced in one transaction, and the runs that it starts. */
const batch = 500;
const runsAtOnce = 1_000;
/** Tenants of one transaction. */
const tenantsAtOnce = 100;

/**
 * Starts the runs of every schedule whose time has come by the database's clock, all tenants in turn. A run is stored in
 * the transaction that advances its schedule, under the scheduled time as its event id: however many processes do this, and
 * wherever one dies, each time has one run. What fails holds no others up. To be called again and again.
 */
export async function fireSchedules(database: Database, accepting: Accepting, log: Log): Promise<void> {
  const troubles: unknown[] = [];
  for (let isBehind = true; isBehind; ) {
    const due = await database.byIndex.asScanner(tenantsWithDueSchedules);
    isBehind = false;
    for (let first = 0; first < due.length; first += tenantsAtOnce)
      await fireBatch(accepting, due.slice(first, first + tenantsAtOnce), log).then(
        (more) => (isBehind ||= more),
        (error: unknown) => troubles.push(error),
      );
  }
  if (troubles.length > 0) throw troubles[0];
}

interface Decided {
  readonly schedule: DueSchedule;
  readonly decision: Decision;
}

/** Answers whether more may be due. */
function fireBatch(accepting: Accepting, tenants: readonly string[], log: Log): Promise<boolean> {
  const ofEach = Math.floor(batch / tenants.length);
  return accepting.transaction(tenants, async (tx, accept) => {
    const due = await holdDueSchedules(tx, tenants, ofEach, lateMs);
    const most = Math.floor(runsAtOnce / due.length);
    const decided = due.map((schedule) => ({ schedule, decision: decide(schedule, most, log) }));
    const runs = decided.flatMap(({ schedule, decision }) => decision.start.map((time) => runOf(schedule, time)));
    const accepted = runs.length > 0 ? await accept(runs) : [];
    const started = accepted.map(({ run }) => run).values();
    const advances = decided.map(({ schedule, decision }) => {
      const ids = decision.start.map(() => started.next().value as string);
      return advanceOf(schedule, decision, ids.at(-1));
    });
    if (advances.length > 0) await advanceSchedules(tx, advances);
    return mayBeMore(decided, ofEach);
  });
}

/** A tenant had as many as were looked for, or one has started runs and is due still. */
function mayBeMore(decided: readonly Decided[], ofEach: number): boolean {
  const tenants = Map.groupBy(decided, ({ schedule }) => schedule.tenant);
  const isCutShort = ({ schedule: { now }, decision: { start, nextAt } }: Decided) =>
    start.length > 0 && nextAt !== undefined && nextAt <= now;
  return decided.some(isCutShort) || [...tenants.values()].some(({ length }) => length === ofEach);
}

/** Rules are read when they are deployed; one that cannot be followed any more stops alone, and holds nobody up. */
function decide({ rule, ...schedule }: DueSchedule, most: number, log: Log): Decision {
  try {
    return decideDue({ ...schedule, rule: readRule(rule) }, schedule.now, most);
  } catch (error) {
    log.error({ err: error, flow: schedule.flowId, node: schedule.node }, 'a schedule cannot be followed and stops');
    return { start: [], nextAt: undefined };
  }
}

function runOf(schedule: DueSchedule, time: Date): NewRun {
  const { tenant, environment, flowId, node, version, parameters, connections, payload, timeZone } = schedule;
  const scheduledFor = time.toISOString();
  return {
    tenant,
    environment,
    flowId,
    node,
    version,
    parameters,
    connections,
    payload,
    meta: { scheduledFor, timeZone },
    source: 'schedule',
    eventId: scheduledFor,
  };
}

function advanceOf(
  { tenant, environment, flowId, node }: DueSchedule,
  { start, leftOut, nextAt }: Decision,
  lastRun: string | undefined,
): Advance {
  return {
    tenant,
    environment,
    flowId,
    node,
    nextAt: nextAt ?? null,
    lastAt: start.at(-1),
    lastRun,
    leftOutAt: leftOut,
  };
}
