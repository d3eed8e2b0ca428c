import { closeCommitAlerts } from '../postgres/alerts/close-commit-alerts.ts';
import {
  failuresByFlow,
  lateRuns,
  lateTimers,
  lookAtProcesses,
  openDeadLettersByFlow,
  type Processes,
} from '../postgres/alerts/look-for-trouble.ts';
import { closeOthers, raiseFindings } from '../postgres/alerts/raise-findings.ts';
import { refusedLogins } from '../postgres/connections/health.ts';
import type { Database, Tx } from '../postgres/database.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';
import { countedWithinMs, findTrouble, goingOn, type Look, lateAfterMs, ruleCodes } from './rules.ts';

/** Looks what is wrong in any tenant: raises what is new, leaves what goes on, closes what is over. */
export async function evaluateRules(database: Database): Promise<void> {
  const processes = await database.asScanner(lookAtProcesses);
  for (const tenants of await listTenants(database))
    await database.asTenants(tenants, async (tx) => {
      const seen = await look(tx, tenants, processes);
      await raiseFindings(tx, findTrouble(seen));
      await closeOthers(tx, ruleCodes, goingOn(seen));
      await closeCommitAlerts(tx);
    });
}

async function look(tx: Tx, tenants: readonly string[], processes: Processes): Promise<Look> {
  return {
    tenants,
    processes,
    failures: await failuresByFlow(tx, tenants, countedWithinMs),
    lateRuns: await lateRuns(tx, tenants, lateAfterMs),
    lateTimers: await lateTimers(tx, tenants, lateAfterMs),
    deadLetters: await openDeadLettersByFlow(tx, tenants),
    refusedLogins: await refusedLogins(tx, tenants),
  };
}
