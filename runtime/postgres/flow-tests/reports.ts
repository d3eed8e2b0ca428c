import { sql } from 'kysely';
import type { SuiteReport } from '../../flow-tests/report.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** How the tests of a version went last. */
export interface KeptReport extends SuiteReport {
  readonly version: string;
  readonly ranAt: Date;
  /** For people. */
  readonly ranBy: string;
}

export interface NewReport {
  readonly tenant: string;
  /** Name of what was tested. */
  readonly version: string;
  readonly report: SuiteReport;
  readonly by: string;
}

/** Keeps the report in place of the last one; not that of a draft, which is no version yet. True where it is kept. */
export async function keepReport(tx: Tx, { tenant, version, report, by }: NewReport): Promise<boolean> {
  const { rows } = await sql`
    insert into millrace.flow_test_report (tenant_id, version, report, ran_by)
    select tenant_id, hash, ${json(report)}, ${by} from millrace.flow_version
    where (tenant_id, hash) = (${tenant}, ${version})
    on conflict (tenant_id, version) do update set
      report = excluded.report, ran_at = millrace.now(), ran_by = excluded.ran_by
    returning version`.execute(tx);
  return rows.length > 0;
}

/** Those of the versions that were ever tested, by their names. */
export async function loadReports(tx: Tx, versions: readonly string[]): Promise<ReadonlyMap<string, KeptReport>> {
  const { rows } = await sql<Omit<KeptReport, keyof SuiteReport> & { report: SuiteReport }>`
    select version, report, ran_at as "ranAt", ran_by as "ranBy"
    from millrace.flow_test_report where version = any(${versions})`.execute(tx);
  return new Map(rows.map(({ report, ...about }) => [about.version, { ...report, ...about }]));
}
