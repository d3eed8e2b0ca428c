import {
  type Arrival,
  type Json,
  type JsonObject,
  MillraceError,
  type PollContext,
  type TriggerSpec,
} from '@millrace/contract';
import type { FlowNode } from '@millrace/flow';
import { noting } from '../../connections/health.ts';
import { type OpenConnection, openConnection } from '../../connections/open-connection.ts';
import { resolveConfig } from '../../engine/config.ts';
import { evaluationFor } from '../../engine/evaluation.ts';
import { deploymentScope } from '../../flows/deployment-scope.ts';
import type { Accepted, NewRun } from '../../postgres/runs/accept-runs.ts';
import { type ClaimedSource, saveCursor } from '../../postgres/sources/polls.ts';
import { confirmHold, type SourceHold } from '../../postgres/sources/source-leases.ts';
import { hidden, hideNothing } from '../../secrets/hide-known.ts';
import { holdLost, type SourceServices } from './source-services.ts';

/** One poll of one source. */
export interface Poll {
  readonly hold: SourceHold;
  readonly source: ClaimedSource;
  /** Aborted when the process stops or the hold is lost. */
  readonly signal: AbortSignal;
}

/**
 * Looks once. Whatever is accepted or saved in it holds, also when it fails afterwards; all of it is without the secrets of
 * the connection.
 */
export async function pollSource(poll: Poll, services: SourceServices): Promise<void> {
  const node = poll.source.document.nodes[poll.hold.node] as FlowNode;
  const connection = await connectionOf(poll, node, services);
  await hidden(connection.hide, () =>
    watched(connection, poll, services, () => pollBy(connection, poll, node, services)),
  );
}

/** How the connection fares is seen by it; a hold that is lost in the middle says nothing of that. */
function watched(
  { id, hide }: UsedConnection,
  { hold: { tenant } }: Poll,
  { health }: SourceServices,
  work: () => Promise<void>,
): Promise<void> {
  return id === '' ? work() : noting(health, { tenant, id, hide }, work);
}

async function pollBy(connection: UsedConnection, poll: Poll, node: FlowNode, services: SourceServices): Promise<void> {
  const { hold, source } = poll;
  const { hide } = connection;
  const spec = specOf(node, services);
  const scope = deploymentScope(
    { id: hold.tenant, slug: source.tenantSlug, timeZone: source.timeZone },
    source.parameters,
    source.now,
  );
  const evaluation = evaluationFor(services.evaluator, hold.tenant);
  const config = await resolveConfig(node.config as JsonObject, spec.config, evaluation, scope);
  const log = services.log.child({ flow: hold.flowId, node: hold.node });
  await spec.poll(config, {
    tenant: { slug: source.tenantSlug, timeZone: source.timeZone },
    signal: poll.signal,
    now: source.now,
    log: {
      info: (message, fields = {}) => log.info(hide(fields), hide(message)),
      warn: (message, fields = {}) => log.warn(hide(fields), hide(message)),
    },
    fetch: services.network.fetch,
    evaluate: async (text, input) => (await evaluation.all([text], scope, input))[0],
    connection,
    blobs: services.blobs.of(hold.tenant),
    cursor: source.cursor ?? undefined,
    saveCursor: (cursor) => save(hold, hide(cursor), services),
    accept: (arrival) => accept(poll, hide(arrival), services),
  });
}

type UsedConnection = PollContext['connection'] & Pick<OpenConnection, 'hide'>;
type PolledSpec = TriggerSpec & Required<Pick<TriggerSpec, 'poll'>>;

function specOf({ type }: FlowNode, { catalogue }: SourceServices): PolledSpec {
  const spec = catalogue.triggers.get(type);
  if (spec?.poll) return spec as PolledSpec;
  throw new MillraceError('NODE_TYPE_UNKNOWN', `This instance cannot poll for ${type}.`, { category: 'internal' });
}

async function connectionOf(
  { hold, source }: Poll,
  { connection: slot }: FlowNode,
  services: SourceServices,
): Promise<UsedConnection> {
  const unbound = { id: '', name: '', config: undefined, network: services.network, hide: hideNothing };
  if (slot === undefined) return unbound;
  const id = source.connections[slot];
  if (id !== undefined) return openConnection(services, hold.tenant, id);
  throw new MillraceError('CONNECTION_MISSING', `The slot “${slot}” is bound to no connection.`, { category: 'auth' });
}

async function save(hold: SourceHold, cursor: Json, { database }: SourceServices): Promise<void> {
  if (!(await database.asTenants([hold.tenant], (tx) => saveCursor(tx, hold, cursor)))) throw holdLost();
}

/** In one transaction with a look at the hold, so that who has lost it accepts nothing more. */
async function accept({ hold, source }: Poll, arrival: Arrival, services: SourceServices): Promise<Accepted> {
  const { tenant, environment, flowId, node } = hold;
  const { version, parameters, connections } = source;
  const { meta = {}, ...brought } = arrival;
  const run: NewRun = { tenant, environment, flowId, node, version, parameters, connections, meta, ...brought };
  return services.accepting.transaction([tenant], async (tx, acceptRuns) => {
    if (!(await confirmHold(tx, hold))) throw holdLost();
    const [accepted] = await acceptRuns([run]);
    return accepted as Accepted;
  });
}
