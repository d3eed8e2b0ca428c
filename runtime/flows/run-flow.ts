import { createHash } from 'node:crypto';
import { type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { createMissingTables } from '../code-tables/create-missing.ts';
import type { Config } from '../config/settings.ts';
import { bindSlots } from '../connections/bind-slots.ts';
import { saveConnectionOf } from '../connections/save-connection.ts';
import type { Engine, Foundation } from '../engine/engine.ts';
import { startEngine } from '../engine/start.ts';
import { openInstance } from '../instance.ts';
import { createLog } from '../log.ts';
import { saveRecordTypes } from '../postgres/flows/deployments.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import { ensureTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import { followRun, type RunResult } from '../runs/follow-run.ts';
import { checkBundle, refuseProblems } from './check.ts';
import { parametersFor } from './parameters.ts';
import { chooseTrigger } from './trigger.ts';
import { versionOf } from './version.ts';

export interface FlowRun {
  readonly bundle: FlowBundle;
  readonly config: Config;
  readonly payload: Json;
  /** Slot → connection as one line of text. */
  readonly connections: Readonly<Record<string, string>>;
  readonly parameters: JsonObject;
  /** Slug. */
  readonly tenant: string;
  /** Trigger to start at; needed where there are several. */
  readonly node?: string;
  /** What happens, in words. */
  readonly tell: (line: string) => void;
  /** Ends the waiting; the run stays, and whoever starts over this database carries it on. */
  readonly stop?: AbortSignal;
}

/** Runs of the command line keep their connections and records apart from what is deployed. */
const environment = 'local';

/** Runs a flow from its files, once and for real, in this process; another process over the same database may help. */
export async function runFlow(request: FlowRun): Promise<RunResult> {
  const { config } = request;
  const instance = await openInstance({
    config,
    log: createLog(config.logLevel === 'info' ? 'warn' : config.logLevel, process.stderr),
  });
  const engine = await startEngine(instance.foundation);
  try {
    return await run(request, instance.foundation, engine);
  } finally {
    await engine.stop();
    await instance.close();
  }
}

async function run(request: FlowRun, foundation: Foundation, engine: Engine): Promise<RunResult> {
  const { bundle, payload, tell } = request;
  const problems = await checkBundle(bundle, foundation, request.tenant);
  refuseProblems('FLOW_INVALID', 'The flow has problems and cannot run.', problems);
  const tenant = await foundation.database.asScanner((tx) => ensureTenant(tx, request.tenant, request.tenant));
  const version = versionOf(bundle);
  const connections = await bind(request, foundation, tenant);
  const parameters = await parametersFor(foundation, tenant.id, bundle.flow, request.parameters);
  await foundation.database.asTenants([tenant.id], async (tx) => {
    await saveVersion(tx, { tenant: tenant.id, hash: version, bundle });
    await saveRecordTypes(tx, { tenant: tenant.id, environment }, bundle.records);
    await createMissingTables(tx, { tenant: tenant.id, environment }, bundle.tables ?? []);
  });
  const accepted = await engine.accept({
    tenant: tenant.id,
    environment,
    flowId: bundle.flow.id,
    version,
    parameters,
    connections,
    node: chooseTrigger(bundle.flow, request.node, foundation),
    payload,
    meta: {},
    source: 'command line',
  });
  tell(`Run ${accepted.run} of “${bundle.flow.name}” has begun.`);
  return followRun(foundation, tenant, accepted.run, tell, request.stop);
}

async function bind({ bundle, connections }: FlowRun, foundation: Foundation, tenant: Tenant) {
  const bound: Record<string, string> = {};
  for (const [slot, text] of Object.entries(connections)) {
    const type = bundle.flow.connections?.[slot]?.type;
    const spec = type === undefined ? undefined : foundation.catalogue.connections.get(type);
    if (!spec || type === undefined)
      throw new MillraceError('CONNECTION_SLOT_UNKNOWN', `The flow has no connection slot “${slot}”.`);
    const name = `${slot}:${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
    bound[slot] = await saveConnectionOf(foundation, {
      tenant: tenant.id,
      environment,
      name,
      type,
      config: spec.fromText(text) as JsonObject,
    });
  }
  return bindSlots(foundation, { tenant, environment, document: bundle.flow, bound });
}
