import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

/** Days from the end of a run; null where only the class of its flow counts, which counts too where it is shorter. */
export interface EnvironmentRetention {
  /** Of what its steps got and gave, the signals that came for it, and its files. */
  readonly stepDays: number | null;
  /** Of the run with all that belongs to it. */
  readonly runDays: number | null;
}

/** For how long a tenant keeps what. */
export interface TenantRetention {
  readonly sandbox: EnvironmentRetention;
  readonly production: EnvironmentRetention;
  /** Of entries of the audit; null where they are kept for good. */
  readonly auditDays: number | null;
}

const environments = ['sandbox', 'production'] as const;

export async function loadTenantRetention(tx: Tx, tenant: string): Promise<TenantRetention> {
  const { rows } = await sql<EnvironmentRetention & { environment: string }>`
    select environment, step_days as "stepDays", run_days as "runDays" from millrace.retention
    where tenant_id = ${tenant}`.execute(tx);
  const audit = await sql<{ days: number | null }>`
    select days from millrace.audit_retention where tenant_id = ${tenant}`.execute(tx);
  const of = (environment: string): EnvironmentRetention => {
    const { stepDays = null, runDays = null } = rows.find((row) => row.environment === environment) ?? {};
    return { stepDays, runDays };
  };
  return { sandbox: of('sandbox'), production: of('production'), auditDays: audit.rows[0]?.days ?? null };
}

export async function saveTenantRetention(tx: Tx, tenant: string, retention: TenantRetention): Promise<void> {
  const before = await loadTenantRetention(tx, tenant);
  for (const environment of environments) {
    const { stepDays, runDays } = retention[environment];
    await sql`
      insert into millrace.retention (tenant_id, environment, step_days, run_days)
      values (${tenant}, ${environment}, ${stepDays}, ${runDays})
      on conflict (tenant_id, environment) do update set
        step_days = excluded.step_days, run_days = excluded.run_days`.execute(tx);
  }
  await sql`
    insert into millrace.audit_retention (tenant_id, days) values (${tenant}, ${retention.auditDays})
    on conflict (tenant_id) do update set days = excluded.days`.execute(tx);
  const values = { before: { ...before }, after: { ...retention } };
  await noteChange(tx, { tenant, action: 'retention.set', target: 'retention', ...values });
}
