import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * How a proxy treats what passes. `losing-commits`: a `commit` reaches PostgreSQL and is done, and its answer is lost
 * with the connection; `losing-progress`: only where the transaction wrote a run's progress.
 */
export type Passing = 'open' | 'silent' | 'slow' | 'losing-commits' | 'losing-progress';

/** Stands between servers and PostgreSQL. */
export interface DatabaseProxy {
  readonly port: number;
  passing: Passing;
  /** Answers to commits that were lost so far. */
  readonly lost: number;
  /** Breaks every connection. */
  cut(): void;
  close(): Promise<void>;
}

const slowMs = 2_000;
/** So much of the commits lose their answers; a connection is worth more than one try. */
const lostShare = 0.15;

/** @param chance from 0 to 1 */
export async function startProxy(targetPort: number, chance: () => number): Promise<DatabaseProxy> {
  const pairs = new Set<Socket>();
  const state = { passing: 'open' as Passing, lost: 0 };
  const server = createServer((client) => join(client, connect(targetPort, '127.0.0.1')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function join(client: Socket, database: Socket): void {
    const watch = watchTransactions();
    let losing = false;
    const end = (): void => {
      for (const socket of [client, database]) {
        socket.destroy();
        pairs.delete(socket);
      }
    };
    for (const socket of [client, database]) pairs.add(socket.on('error', end).on('close', end));
    client.on('data', (data) => {
      const commit = watch(data);
      const counts =
        state.passing === 'losing-commits' || (state.passing === 'losing-progress' && commit === 'progress');
      if (commit !== undefined && counts && chance() < lostShare) losing = true;
      forward(data, database);
    });
    database.on('data', (data) => {
      if (!losing) return forward(data, client);
      state.lost++;
      end();
    });
  }

  function forward(data: Buffer, to: Socket): void {
    if (state.passing === 'silent') return;
    if (state.passing === 'slow') setTimeout(() => to.writable && to.write(data), slowMs);
    else to.write(data);
  }

  function cut(): void {
    for (const socket of pairs) socket.destroy();
  }

  return {
    port: (server.address() as { port: number }).port,
    get passing() {
      return state.passing;
    },
    set passing(passing) {
      state.passing = passing;
    },
    get lost() {
      return state.lost;
    },
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Reads one connection's messages as far as needed (PostgreSQL's protocol 3: Parse names a statement, Bind uses it).
 * Answers whether the data ends with a commit, and of what.
 */
function watchTransactions(): (data: Buffer) => 'progress' | 'other' | undefined {
  const texts = new Map<string, string>();
  let hasProgress = false;
  return (data) => {
    const messages = data.toString('latin1');
    for (const [, name = '', text = ''] of messages.matchAll(/P.{4}(s\d+)\0([^\0]*)\0/gs)) texts.set(name, text);
    const asked = [...messages.matchAll(/B.{4}\0(s\d+)\0/gs)].map(([, name = '']) => texts.get(name) ?? '');
    hasProgress ||= asked.some((text) => text.includes('state = new.state'));
    if (asked.at(-1) !== 'commit') return undefined;
    const what = hasProgress ? 'progress' : 'other';
    hasProgress = false;
    return what;
  };
}
