import type { Database } from '../postgres/database.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import type { Draft } from '../postgres/flows/drafts.ts';
import { countRecentRuns, type RunCounts } from '../postgres/queries/count-recent-runs.ts';
import { type FlowRow, listFlows } from '../postgres/queries/list-flows.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { FlowPlace } from './services.ts';

export interface DeployedState {
  readonly deployed: {
    readonly environment: string;
    readonly version: string;
    readonly deployedAt: Date;
    /** What comes for it waits. */
    readonly paused: boolean;
  } | null;
  /** The draft is not what is deployed. */
  readonly changedSinceDeploy: boolean;
}

export interface FlowOverview extends DeployedState {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly revision: number;
  readonly updatedAt: Date;
  /** Which version of a template it is a clone of. */
  readonly template: { readonly id: string; readonly version: string } | null;
  readonly runs24h: RunCounts;
}

const noRuns: RunCounts = { succeeded: 0, failed: 0, open: 0 };

/** Every flow of a tenant with how it stands in an environment. */
export async function overviewFlows(database: Database, tenant: Tenant, environment: string): Promise<FlowOverview[]> {
  return database.asTenants([tenant.id], async (tx) => {
    const counts = await countRecentRuns(tx, tenant.id, environment);
    return (await listFlows(tx, environment)).map((row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      revision: row.revision,
      updatedAt: row.updatedAt,
      ...deployedState(row, environment),
      template: templateOf(row),
      runs24h: counts.get(row.id) ?? noRuns,
    }));
  });
}

/** How a draft relates to what is deployed of it. */
export async function deployedStateOf(
  database: Database,
  { tenant, environment, flowId }: FlowPlace,
  { content }: Pick<Draft, 'content'>,
): Promise<DeployedState> {
  const deployment = await database.asTenants([tenant.id], (tx) => loadDeployment(tx, environment, flowId));
  const { version = null, deployedAt = null, paused = false } = deployment ?? {};
  return deployedState({ content, deployedVersion: version, deployedAt, paused }, environment);
}

function templateOf({ template: id, templateVersion: version }: FlowRow): FlowOverview['template'] {
  return id === null || version === null ? null : { id, version };
}

type StateRow = Pick<FlowRow, 'content' | 'deployedVersion' | 'deployedAt' | 'paused'>;

function deployedState(
  { content, deployedVersion: version, deployedAt, paused }: StateRow,
  environment: string,
): DeployedState {
  if (version === null || deployedAt === null) return { deployed: null, changedSinceDeploy: false };
  return { deployed: { environment, version, deployedAt, paused }, changedSinceDeploy: content !== version };
}
