import { hostname } from 'node:os';
import type { Log } from '../log.ts';
import type { Database } from '../postgres/database.ts';
import type { Notices } from '../postgres/notices.ts';
import { heartbeat, type ProcessRow, sayGoodbye } from '../postgres/processes/heartbeat.ts';
import type { News } from './bus.ts';
import { repeat } from './repeat.ts';

/** What processes over one database tell each other. */
export type Notice =
  /** Runs are ready that the sender does not take. */
  | { readonly kind: 'ready' }
  /** Something has come for a run that the sender does not hold. */
  | { readonly kind: 'woken'; readonly run: string }
  | { readonly kind: 'news'; readonly news: News };

export interface Neighbours {
  stop(): Promise<void>;
}

const beatMs = 2_000;

/** Says again and again that this process is alive, and learns whether there are others to tell anything. */
export async function watchNeighbours(
  database: Database,
  notices: Notices<Notice>,
  self: Pick<ProcessRow, 'id' | 'version' | 'roles'>,
  log: Log,
): Promise<Neighbours> {
  const row = { ...self, host: hostname(), pid: process.pid };
  const beats = repeat('the heartbeat', beatMs, beat, log);
  await beats.now();
  return {
    async stop() {
      await beats.stop();
      await database.asScanner((tx) => sayGoodbye(tx, self.id));
    },
  };

  async function beat(): Promise<void> {
    notices.others = await database.asScanner((tx) => heartbeat(tx, row));
  }
}
