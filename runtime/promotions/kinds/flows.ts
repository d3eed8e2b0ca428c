import { isObject, type Json, type JsonObject, writeJson } from '@millrace/contract';
import { refuseProblems } from '../../flows/check.ts';
import { checkAmongOthers } from '../../flows/check-among-others.ts';
import { preparePlacement } from '../../flows/put-in-place.ts';
import type { FlowServices } from '../../flows/services.ts';
import { takeAway } from '../../flows/undeploy.ts';
import { readVersion } from '../../flows/versions.ts';
import { loadConnection } from '../../postgres/connections/connections.ts';
import type { Tx } from '../../postgres/database.ts';
import { loadDeployment } from '../../postgres/flows/deployments.ts';
import { loadBundle } from '../../postgres/flows/load-versions.ts';
import { releaseRoutes } from '../../postgres/flows/routes.ts';
import { lockFlows } from '../../postgres/promotions/lock-parts.ts';
import { differenceOf } from '../difference-of.ts';
import type { PartChange, PartState } from '../part.ts';
import type { PartKind, Placing } from './part-kind.ts';

/** Of a flow: which version serves, and with what. */
export interface FlowState {
  readonly version: string;
  readonly parameters: JsonObject;
  /** Slot → connection id. */
  readonly connections: Readonly<Record<string, string>>;
}

/** The flow itself and those that it calls, and so on. */
export const flows: PartKind = {
  kind: 'flow',
  title: 'the flow',
  find: (found) => found.map(({ bundle }) => bundle.flow.id),
  async read(tx, { environment }, name) {
    const deployed = await loadDeployment(tx, environment, name);
    if (!deployed) return null;
    const { version, parameters, connections } = deployed;
    return { version, parameters, connections };
  },
  lock: (tx, _tenant, names) => lockFlows(tx, names),
  async compare(tx, name, before, after) {
    const [from, to] = [await bundleOf(tx, name, before), await bundleOf(tx, name, after)];
    return [
      ...differenceOf(from, to),
      ...settingChanges('parameter', 'parameters', before, after),
      ...settingChanges('connection slot', 'connections', await withNames(tx, before), await withNames(tx, after)),
    ];
  },
  async prepare(services, placing) {
    const { place, states, reason } = placing;
    const writes = await Promise.all(states.map((part) => prepareOne(services, placing, part)));
    return async (tx) => {
      const names = states.map(({ name }) => name);
      await releaseRoutes(tx, place.environment, names);
      for (const { name } of states.filter(({ state }) => state === null))
        await takeAway(tx, { ...place, flowId: name }, reason);
      for (const write of writes) await write(tx);
    };
  },
};

async function prepareOne(
  services: FlowServices,
  { place, action, reason }: Placing,
  { name, state }: PartState,
): Promise<(tx: Tx) => Promise<unknown>> {
  if (state === null) return async () => undefined;
  const { version, parameters, connections } = state as unknown as FlowState;
  const { bundle } = await readVersion(services, place.tenant, name, version);
  const problems = await checkAmongOthers(bundle, services, place.tenant);
  refuseProblems('FLOW_INVALID', `The flow “${name}” does not fit this Millrace any more.`, problems);
  const serving = { place: { ...place, flowId: name }, bundle, parameters, connections };
  return preparePlacement(services, { ...serving, action, reason });
}

async function bundleOf(tx: Tx, name: string, state: Json): Promise<JsonObject> {
  const kept = isObject(state) ? await loadBundle(tx, name, state.version as string) : undefined;
  return kept ? { ...(kept.bundle as unknown as JsonObject) } : {};
}

/** With what people call the connections. */
async function withNames(tx: Tx, state: Json): Promise<Json> {
  if (!isObject(state)) return state;
  const named: Record<string, Json> = {};
  for (const [slot, id] of Object.entries(state.connections as JsonObject))
    named[slot] = (await loadConnection(tx, id as string))?.name ?? id;
  return { ...state, connections: named };
}

function settingChanges(title: string, field: 'parameters' | 'connections', before: Json, after: Json): PartChange[] {
  const [from, to] = [before, after].map((state) => (isObject(state) ? (state[field] as JsonObject) : {}));
  const names = [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])].sort();
  return names.flatMap((name): PartChange[] => {
    const [was, is] = [from?.[name], to?.[name]];
    if (was !== undefined && is !== undefined && writeJson(was) === writeJson(is)) return [];
    const pointer = `/${field}/${name}`;
    const subject = `The ${title} “${name}”`;
    if (was === undefined)
      return [{ pointer, action: 'added', after: is as Json, sentence: `${subject} gets ${writeJson(is)}.` }];
    if (is === undefined) return [{ pointer, action: 'removed', before: was, sentence: `${subject} is no more.` }];
    const sentence = `${subject} changes from ${writeJson(was)} to ${writeJson(is)}.`;
    return [{ pointer, action: 'changed', before: was, after: is, sentence }];
  });
}
