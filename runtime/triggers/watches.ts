import type { ConnectionSpec, FoundSignal } from '@millrace/contract';
import { noting } from '../connections/health.ts';
import { type OpenConnection, openConnection } from '../connections/open-connection.ts';
import type { Engine, Foundation } from '../engine/engine.ts';
import { type Repetition, repeat } from '../engine/repeat.ts';
import { leaseWatches, releaseWatches, type WatchedConnection } from '../postgres/watches/lease-watches.ts';
import { hidden } from '../secrets/hide-known.ts';

export interface Watches {
  /** Looks at every watched connection now; twice, since a file counts once it has stayed the same. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Of a process that watches nothing. */
export const watchNothing: Watches = { look: async () => undefined, stop: async () => undefined };

const leaseMs = 15_000;
const renewPauseMs = 1_000;

/**
 * Watches the connections on which signals arrive. Which ones is read from deployments and open runs again and again,
 * never remembered; each is polled by the one process that holds its lease.
 */
export function watchConnections(foundation: Foundation, holder: string, signal: Engine['signal']): Watches {
  const { database, catalogue, log } = foundation;
  const types = [...catalogue.connections.values()].filter((type) => type.watch).map((type) => type.id);
  const watched = new Map<string, Repetition>();
  const abort = new AbortController();

  const renewal = repeat('renewing watches', renewPauseMs, renew, log);

  async function renew(): Promise<void> {
    const leased = await database.asScanner((tx) => leaseWatches(tx, types, holder, leaseMs));
    const wanted = new Set(leased.map((one) => one.connection));
    for (const one of leased) if (!watched.has(one.connection)) watched.set(one.connection, watch(one));
    for (const [id, repetition] of watched) {
      if (wanted.has(id)) continue;
      watched.delete(id);
      await repetition.stop();
    }
  }

  /** What is wrong with one connection is its own trouble: it is opened within its own repetition. */
  function watch({ connection: id, tenant, type, name }: WatchedConnection): Repetition {
    const spec = catalogue.connections.get(type) as ConnectionSpec;
    const pauseMs = spec.watch?.intervalMs ?? renewPauseMs;
    return repeat(`watching “${name}”`, pauseMs, () => poll(spec, tenant, id), log);
  }

  /** The connection is opened anew for each look, so that a changed password counts from the next one on. */
  async function poll(spec: ConnectionSpec, tenant: string, id: string): Promise<void> {
    const connection = await openConnection(foundation, tenant, id);
    const { hide } = connection;
    const found = (signal: FoundSignal) => pass(tenant, connection, hide(signal));
    await hidden(hide, () =>
      noting(foundation.health, connection, async () => spec.watch?.poll(connection, found, abort.signal)),
    );
  }

  async function pass(tenant: string, { id, environment }: OpenConnection, found: FoundSignal): Promise<void> {
    await signal({ tenant, environment, channel: id, ...found });
  }

  return {
    async look() {
      await renewal.now();
      for (const _pass of ['finds', 'confirms'])
        await Promise.all([...watched.values()].map((repetition) => repetition.now()));
    },
    async stop() {
      abort.abort();
      await renewal.stop();
      await Promise.all([...watched.values()].map((repetition) => repetition.stop()));
      await database.asScanner((tx) => releaseWatches(tx, holder));
    },
  };
}
