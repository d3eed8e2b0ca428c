import { isObject, type Json, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import { type FlowBundle, pointer } from '@millrace/flow';
import Type from 'typebox';
import { deployFlow } from '../../flows/deploy.ts';
import { versionOf } from '../../flows/version.ts';
import { findConnection, listConnections } from '../../postgres/connections/connections.ts';
import type { Tx } from '../../postgres/database.ts';
import { listServing } from '../../postgres/flows/deployments.ts';
import { loadDraft } from '../../postgres/flows/drafts.ts';
import { loadBundle } from '../../postgres/flows/load-versions.ts';
import type { PartPlace } from '../configuration.ts';
import { jsonFile } from '../folder/file-form.ts';
import type { Kind, Situation } from '../kind.ts';
import { tellJson } from '../tell-json.ts';

const Deployment = Type.Object(
  {
    version: Type.String({ description: 'What served when it was pulled' }),
    parameters: Type.Record(Type.String(), Type.Unknown()),
    connections: Type.Record(Type.String(), Type.String(), { description: 'Slot → name of the connection' }),
  },
  { additionalProperties: false },
);
interface Deployment {
  readonly version: string;
  readonly parameters: JsonObject;
  readonly connections: Readonly<Record<string, string>>;
}

/**
 * What serves where, with which parameters and connections. Another version serves only where the push is asked to deploy:
 * a folder tells what served when it was pulled, and that is over as soon as somebody deploys.
 */
export const deployments: Kind = {
  id: 'deployments',
  hasEnvironment: true,
  action: 'flows.deploy',
  named: /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  shape: Deployment,
  files: jsonFile,
  async read(tx) {
    const names = new Map((await listConnections(tx)).map(({ id, name }) => [id, name]));
    return (await listServing(tx)).map(({ environment, flowId, version, parameters, connections }) => ({
      environment,
      name: flowId,
      value: { version, parameters, connections: mapped(connections, (id) => names.get(id) ?? id) },
      target: `flows/${flowId}`,
    }));
  },
  canonical: (value) => value,
  watched(value) {
    const { parameters, connections } = deploymentOf(value);
    return { parameters, connections };
  },
  wanted,
  tell: tellJson,
  async apply({ services, tenant, place, after, by }) {
    const { environment, name: flowId } = place;
    const { version, parameters, connections: named } = deploymentOf(after);
    const { chosen, connections } = await services.database.asTenants([tenant.id], async (tx) => ({
      chosen: await choose(tx, flowId, version),
      connections: await idsOf(tx, environment, named),
    }));
    const request = { tenant, environment, flowId, by, parameters, connections };
    const { warnings } = await deployFlow(services, { ...request, ...chosen });
    return warnings;
  },
};

function wanted(
  { environment, name }: PartPlace,
  value: Json | undefined,
  { present, parts, deploy }: Situation,
): Json | undefined {
  const flow = parts[`flows/${name}`];
  const settings = value ?? present ?? { version: '', parameters: {}, connections: {} };
  if (environment === deploy && flow !== undefined) return deployed(deploymentOf(settings), flow);
  if (value === undefined || present === undefined) return value;
  return { ...deploymentOf(value), version: deploymentOf(present).version };
}

/** Bindings of slots that the flow has no more go. */
function deployed({ parameters, connections }: Deployment, flow: Json): Json {
  const bundle = flow as unknown as FlowBundle;
  const still = Object.entries(connections).filter(([slot]) => bundle.flow.connections?.[slot] !== undefined);
  return { version: versionOf(bundle), parameters, connections: Object.fromEntries(still) };
}

/** The version where it is kept, or the draft where that is it. @throws {MillraceError} `VERSION_UNKNOWN` */
async function choose(tx: Tx, flowId: string, version: string): Promise<{ readonly version?: string }> {
  if (await loadBundle(tx, flowId, version)) return { version };
  if ((await loadDraft(tx, flowId))?.content === version) return {};
  const message = `The flow “${flowId}” has no such version here, and is not as it was then; deploy it by the push.`;
  throw new MillraceError('VERSION_UNKNOWN', message, { pointer: '/version' });
}

/** @throws {MillraceError} `CONNECTION_MISSING` with every slot */
async function idsOf(tx: Tx, environment: string, named: Deployment['connections']): Promise<Record<string, string>> {
  const bound: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [slot, name] of Object.entries(named)) {
    const found = await findConnection(tx, environment, name);
    if (found) bound[slot] = found.id;
    else problems.push(missing(environment, slot, name));
  }
  const [first] = problems;
  if (first) throw new MillraceError(first.code, first.message, { problems, pointer: first.pointer });
  return bound;
}

function missing(environment: string, slot: string, name: string): Problem {
  const message = `The slot “${slot}” is bound to “${name}”, and there is no such connection in ${environment}.`;
  return { code: 'CONNECTION_MISSING', pointer: pointer('connections', slot), message };
}

function mapped(
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function deploymentOf(value: Json): Deployment {
  return (isObject(value) ? value : {}) as unknown as Deployment;
}
