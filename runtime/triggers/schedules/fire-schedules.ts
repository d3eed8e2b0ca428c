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
import { readRule } from './times/rule.ts';

/** Schedules that are advanced in one transaction. */
const batch = 500;

/**
 * Starts the runs of every schedule whose time has come by the database's clock. A run is stored in the transaction that
 * advances its schedule, under the scheduled time as its event id: however many processes do this, and wherever one
 * dies, each time has one run. To be called again and again.
 */
export async function fireSchedules(database: Database, accepting: Accepting, log: Log): Promise<void> {
  for (let held = batch; held === batch; ) {
    const tenants = await database.asScanner((tx) => tenantsWithDueSchedules(tx, batch));
    if (tenants.length === 0) return;
    held = await fireBatch(accepting, tenants, log);
  }
}

function fireBatch(accepting: Accepting, tenants: readonly string[], log: Log): Promise<number> {
  return accepting.transaction(tenants, async (tx, accept) => {
    const due = await holdDueSchedules(tx, batch, lateMs);
    const decided = due.map((schedule) => ({ schedule, decision: decide(schedule, log) }));
    const runs = decided.flatMap(({ schedule, decision }) => decision.start.map((time) => runOf(schedule, time)));
    const accepted = runs.length > 0 ? await accept(runs) : [];
    const started = accepted.map(({ run }) => run).values();
    const advances = decided.map(({ schedule, decision }) => {
      const ids = decision.start.map(() => started.next().value as string);
      return advanceOf(schedule, decision, ids.at(-1));
    });
    if (advances.length > 0) await advanceSchedules(tx, advances);
    return due.length;
  });
}

/** Rules are read when they are deployed; one that cannot be followed any more stops alone, and holds nobody up. */
function decide({ rule, ...schedule }: DueSchedule, log: Log): Decision {
  try {
    return decideDue({ ...schedule, rule: readRule(rule) }, schedule.now);
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
