import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Address, otherClients, url } from './database.ts';

/** Our using a server, as other processes see it. */
export interface Presence {
  /** The server is not brought back any more; resolves when nobody is at it. */
  giveUp(): Promise<void>;
  /** Ends it, after {@link giveUp}; resolves with how many others use the server as well, as far as it can be asked. */
  leave(): Promise<number>;
}

export interface PresenceOptions {
  readonly address: Address;
  /** Brings the server back at its address, where nobody else has. Called again and again until it can be reached. */
  readonly bringBack: () => Promise<void>;
  readonly log: (line: string) => void;
}

const presenceName = 'millrace presence';
const [shortestPauseMs, longestPauseMs] = [100, 5_000];

/**
 * One connection held for as long as we use the server: by it another process sees that it may not stop the server yet,
 * and it goes away by itself when we die. By it we see as well that the server has gone away under us.
 */
export async function connectPresence({ address, bringBack, log }: PresenceOptions): Promise<Presence> {
  const leaving = new AbortController();
  let present = await connect();
  let returning = Promise.resolve();

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url(address), application_name: presenceName });
    // Its end is what counts.
    client.on('error', () => undefined);
    await client.connect();
    client.once('end', () => {
      if (!leaving.signal.aborted) returning = comeBack();
    });
    return client;
  }

  async function comeBack(): Promise<void> {
    log('The built-in PostgreSQL has gone away.');
    let told = '';
    for (let pauseMs = shortestPauseMs; !leaving.signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        await bringBack();
        present = await connect();
        return log('The built-in PostgreSQL is back.');
      } catch (error) {
        const { message } = error as Error;
        if (message !== told) log(message);
        told = message;
      }
      await delay(pauseMs, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
  }

  return {
    async giveUp() {
      leaving.abort();
      await returning;
    },
    async leave() {
      const others = await otherClients(present, presenceName).catch(() => 0);
      await present.end().catch(() => undefined);
      return others;
    },
  };
}
