import { canonicalJson, type FlowDocument, type RecordType } from '@millrace/flow';
import type { Database } from '../postgres/database.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { countRecentRuns, type RunCounts } from '../postgres/queries/count-recent-runs.ts';
import { type FlowRow, listFlows } from '../postgres/queries/list-flows.ts';
import { listRecordTypes } from '../postgres/queries/list-record-types.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { FlowPlace } from './services.ts';
import { versionOf } from './version.ts';

export interface DeployedState {
  readonly deployed: { readonly environment: string; readonly version: string; readonly deployedAt: Date } | null;
  /** The draft is not what is deployed. */
  readonly changedSinceDeploy: boolean;
}

export interface FlowOverview extends DeployedState {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly revision: number;
  readonly updatedAt: Date;
  readonly runs24h: RunCounts;
}

const noRuns: RunCounts = { succeeded: 0, failed: 0, open: 0 };

/** Every flow of a tenant with how it stands. */
export async function overviewFlows(database: Database, tenant: Tenant, environment: string): Promise<FlowOverview[]> {
  return database.asTenants([tenant.id], async (tx) => {
    const types = await listRecordTypes(tx, environment);
    const counts = await countRecentRuns(tx, tenant.id);
    return (await listFlows(tx, environment)).map((row) => ({
      id: row.id,
      name: row.name,
      description: row.document.description ?? null,
      revision: row.revision,
      updatedAt: row.updatedAt,
      ...deployedState(row, types, environment),
      runs24h: counts.get(row.id) ?? noRuns,
    }));
  });
}

/** How a draft relates to what is deployed of it. */
export async function deployedStateOf(
  database: Database,
  { tenant, environment, flowId }: FlowPlace,
  draft: { readonly document: FlowDocument; readonly records: readonly RecordType[] },
): Promise<DeployedState> {
  return database.asTenants([tenant.id], async (tx) => {
    const types = await listRecordTypes(tx, environment);
    const deployment = await loadDeployment(tx, environment, flowId);
    const row = { ...draft, deployedVersion: deployment?.version ?? null, deployedAt: deployment?.deployedAt ?? null };
    return deployedState(row, types, environment);
  });
}

function deployedState(
  {
    document,
    records,
    deployedVersion,
    deployedAt,
  }: Pick<FlowRow, 'document' | 'records' | 'deployedVersion' | 'deployedAt'>,
  types: ReadonlyMap<string, RecordType>,
  environment: string,
): DeployedState {
  if (deployedVersion === null || deployedAt === null) return { deployed: null, changedSinceDeploy: false };
  const changedTypes = (records ?? []).some((type) => !isEqual(type, types.get(type.id)));
  return {
    deployed: { environment, version: deployedVersion, deployedAt },
    changedSinceDeploy: changedTypes || versionOf(document) !== deployedVersion,
  };
}

function isEqual(one: RecordType, other: RecordType | undefined): boolean {
  return other !== undefined && canonicalJson(one) === canonicalJson(other);
}
