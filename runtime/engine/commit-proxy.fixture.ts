/** A way to the database on which the answer to a commit can be lost, with whatever outcome. Tests only. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What becomes of a commit whose answer is lost: it is done; the server never gets it; or it is still under way when its
 * sender asks what became of it.
 */
export type Fate = 'done' | 'undone' | 'under way';

export interface CommitProxy {
  /** By which the database is reached. */
  readonly url: string;
  /**
   * Loses the answer to the next commit of a transaction in which a statement with this text is made. Resolves when the
   * connection is gone, with what lets a commit go on that is under way; that resolves when the server has done it.
   */
  loseCommit(ofStatement: string, fate: Fate): Promise<() => Promise<void>>;
  /** Resolves when the next transaction with this statement is about to be committed. */
  sees(statement: string): Promise<void>;
  close(): Promise<void>;
}

interface Plan {
  readonly ofStatement: string;
  readonly fate: Fate;
  lost(goOn: () => Promise<void>): void;
}

export async function startCommitProxy(databaseUrl: string): Promise<CommitProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let plan: Plan | undefined;
  let awaited: { readonly statement: string; seen(): void } | undefined;
  const server = createServer((client) => join(client, connect(Number(target.port), target.hostname)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function join(client: Socket, database: Socket): void {
    for (const socket of [client, database]) sockets.add(socket.on('error', () => socket.destroy()));
    const committed = watchTransactions();
    const part = () => {
      client.destroy();
      database.destroy();
    };
    client.on('close', part);
    database.on('close', part);
    database.on('data', (data) => client.write(data));
    client.on('data', (data) => {
      const statements = committed(data);
      if (statements.some((text) => awaited && text.includes(awaited.statement))) awaited?.seen();
      const lost = statements.some((text) => plan && text.includes(plan.ofStatement)) ? plan : undefined;
      if (!lost) return void database.write(data);
      plan = undefined;
      client.off('close', part);
      database.removeAllListeners('data');
      const commit = async () => {
        database.write(data);
        await once(database, 'data');
        database.destroy();
      };
      void lose(lost, { client, database, commit });
    });
  }

  async function lose(
    { fate, lost }: Plan,
    { client, database, commit }: { client: Socket; database: Socket; commit: () => Promise<void> },
  ): Promise<void> {
    if (fate === 'done') await commit();
    if (fate === 'undone') database.destroy();
    client.destroy();
    lost(fate === 'under way' ? commit : async () => undefined);
  }

  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    loseCommit(ofStatement, fate) {
      return new Promise((lost) => {
        plan = { ofStatement, fate, lost };
      });
    },
    sees(statement) {
      return new Promise((seen) => {
        awaited = { statement, seen };
      });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Reads one connection's messages as far as needed (Parse names a statement, Bind uses it). Answers the statements of a
 * transaction where the data ends with its commit.
 */
function watchTransactions(): (data: Buffer) => readonly string[] {
  const texts = new Map<string, string>();
  let made: string[] = [];
  return (data) => {
    const messages = data.toString('latin1');
    for (const [, name = '', text = ''] of messages.matchAll(/P.{4}(\w*)\0([^\0]*)\0/gs)) texts.set(name, text);
    const asked = [...messages.matchAll(/B.{4}\0(\w*)\0/gs)].map(([, name = '']) => texts.get(name) ?? '');
    made = asked.includes('begin') ? asked : [...made, ...asked];
    return asked.at(-1) === 'commit' ? made : [];
  };
}
