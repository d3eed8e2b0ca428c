import type { JsonObject } from '@millrace/contract';
import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';
import type { Deployment } from './deployments.ts';

/** `promote` is a deployment too, of what was moved from the sandbox. */
export type DeploymentAction = 'deploy' | 'promote' | 'rollback' | 'undeploy';

/** Who has done it, and why. */
export interface Reason {
  /** For people. */
  readonly by: string;
  readonly note?: string | undefined;
}

export interface PastDeployment {
  readonly id: string;
  readonly environment: string;
  readonly action: DeploymentAction;
  /** Of an undeployment: what has served until then. */
  readonly version: string;
  /** Of the version, where it was published. */
  readonly number: number | null;
  readonly parameters: JsonObject;
  /** Slot → connection id. */
  readonly connections: Readonly<Record<string, string>>;
  readonly at: Date;
  readonly by: string;
  readonly note: string | null;
}

export async function noteDeployment(
  tx: Tx,
  action: DeploymentAction,
  { tenant, environment, flowId, version, parameters, connections }: Deployment,
  { by, note }: Reason,
): Promise<void> {
  const before = await lastServing(tx, { environment, flowId });
  await sql`
    insert into millrace.deployment_history
      (tenant_id, environment, flow_id, action, version, parameters, connections, deployed_by, note)
    values (${tenant}, ${environment}, ${flowId}, ${action}, ${version}, ${json(parameters)}, ${json(connections)},
      ${by}, ${note ?? null})`.execute(tx);
  const after = action === 'undeploy' ? undefined : { version, parameters, connections };
  const values = { before, after: after && { ...after, note } };
  await noteChange(tx, { tenant, environment, action: 'flows.deploy', target: `flows/${flowId}`, ...values });
}

/** What serves in the environment, as the history knows it. */
async function lastServing(
  tx: Tx,
  { environment, flowId }: Pick<Deployment, 'environment' | 'flowId'>,
): Promise<Pick<PastDeployment, 'version' | 'parameters' | 'connections'> | undefined> {
  const { rows } = await sql<Pick<PastDeployment, 'action' | 'version' | 'parameters' | 'connections'>>`
    select action, version, parameters, connections from millrace.deployment_history
    where flow_id = ${flowId} and environment = ${environment} order by id desc limit 1`.execute(tx);
  const [last] = rows;
  if (!last || last.action === 'undeploy') return undefined;
  const { version, parameters, connections } = last;
  return { version, parameters, connections };
}

export interface HistoryFilter {
  readonly flowId: string;
  readonly environment?: string | undefined;
  readonly limit: number;
  /** Id of the last one of the page before. */
  readonly before?: string | undefined;
}

const columns = sql`
  history.id, history.environment, action, history.version, version.number, parameters, connections, at,
  deployed_by as by, history.note`;
const fromHistory = sql`
  millrace.deployment_history as history
  join millrace.flow_version as version on (version.tenant_id, version.hash) = (history.tenant_id, history.version)`;

/** What was put into the environments of a flow, newest first. */
export async function listDeployments(
  tx: Tx,
  { flowId, environment, limit, before }: HistoryFilter,
): Promise<PastDeployment[]> {
  const { rows } = await sql<PastDeployment>`
    select ${columns} from ${fromHistory}
    where history.flow_id = ${flowId}
      ${environment === undefined ? sql`` : sql`and history.environment = ${environment}`}
      ${before === undefined ? sql`` : sql`and history.id < ${before}`}
    order by history.id desc limit ${limit}`.execute(tx);
  return rows;
}

/** One that has served in an environment: that of the id, or the newest of another version or other settings than now serves. */
export async function findEarlier(
  tx: Tx,
  { environment, flowId }: Pick<Deployment, 'environment' | 'flowId'>,
  id?: string,
): Promise<PastDeployment | undefined> {
  const { rows } = await sql<PastDeployment>`
    select ${columns} from ${fromHistory}
    where history.flow_id = ${flowId} and history.environment = ${environment} and action <> 'undeploy' and ${
      id === undefined
        ? sql`not exists (
            select from millrace.deployment as now
            where (now.environment, now.flow_id, now.version) = (history.environment, history.flow_id, history.version)
              and now.parameters::text = history.parameters::text and now.connections::text = history.connections::text)`
        : sql`history.id = ${id}`
    }
    order by history.id desc limit 1`.execute(tx);
  return rows[0];
}
