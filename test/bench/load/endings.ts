import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import type { EventStreams } from './protocol.ts';

export type Ending = 'succeeded' | 'failed' | 'cancelled';

/** Tells when runs end. */
export interface Endings {
  /** Resolves when the run has ended, though that was heard before this call. */
  of(run: string): Promise<Ending>;
  close(): void;
}

const isEnding = (status: unknown): status is Ending =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

/** Listens to the streams of every process of the system. */
export async function listenForEndings({ urls, headers }: EventStreams): Promise<Endings> {
  const early = new Map<string, Ending>();
  const awaited = new Map<string, (ending: Ending) => void>();
  const hear = (run: string, ending: Ending) => {
    const resolve = awaited.get(run);
    if (!resolve) return void early.set(run, ending);
    awaited.delete(run);
    resolve(ending);
  };
  const agent = new Agent({ bodyTimeout: 0 });
  for (const url of urls) {
    const { body } = await request(url, { headers, dispatcher: agent });
    createInterface({ input: body })
      .on('line', (line) => read(line, hear))
      .on('error', () => undefined);
  }

  return {
    of(run) {
      const ending = early.get(run);
      early.delete(run);
      return ending ? Promise.resolve(ending) : new Promise((resolve) => awaited.set(run, resolve));
    },
    close: () => void agent.destroy(),
  };
}

function read(line: string, hear: (run: string, ending: Ending) => void): void {
  if (!line.startsWith('data: ')) return;
  const { runId, status } = JSON.parse(line.slice(6)) as { runId?: string; status?: string };
  if (runId !== undefined && isEnding(status)) hear(runId, status);
}
