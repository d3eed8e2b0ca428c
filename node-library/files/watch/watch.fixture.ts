import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Arrival, Json, PollContext } from '@millrace/contract';
import type { ExchangeConfig } from '@millrace/file-exchange';
import type { Place } from '@millrace/file-exchange/places.fixture';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo, stepTime } from '@millrace/testing/run-node';
import type { Static } from 'typebox';
import { watch } from './trigger.ts';

export type WatchConfig = Static<typeof watch.config>;

/** A watch as the engine runs it: the cursor is kept, and the same event id is the same run. */
export function watched(place: Place, config: WatchConfig = {}) {
  const runs = new Map<string, Arrival>();
  const log: string[] = [];
  const blobs = memoryBlobs();
  let cursor: Json | undefined;
  let nowMs = stepTime.getTime();

  function context(overrides: Partial<PollContext<ExchangeConfig>>): PollContext<ExchangeConfig> {
    return {
      tenant: { slug: 'acme', timeZone: 'Pacific/Auckland' },
      signal: new AbortController().signal,
      now: new Date(nowMs),
      fetch: () => Promise.reject(new Error('Nobody calls out.')),
      evaluate: () => Promise.reject(new Error('Nobody evaluates.')),
      log: { info: () => {}, warn: (message) => void log.push(message) },
      connection: connectionTo(place.config),
      blobs,
      cursor,
      saveCursor: async (next) => {
        cursor = JSON.parse(JSON.stringify(next)) as Json;
      },
      accept,
      ...overrides,
    };
  }

  async function accept(arrival: Arrival): Promise<{ run: string; duplicate: boolean }> {
    const id = arrival.eventId ?? String(runs.size);
    const duplicate = runs.has(id);
    if (!duplicate) runs.set(id, arrival);
    return { run: id, duplicate };
  }

  /** One look, a second after the one before. */
  async function poll(overrides: Partial<PollContext<ExchangeConfig>> = {}): Promise<void> {
    nowMs += 1000;
    await watch.poll?.(config, context(overrides));
  }

  return {
    log,
    blobs,
    accept,
    poll,
    /** The looks after which a file that lies still has been taken. */
    async settle() {
      await poll();
      await poll();
    },
    runs: () => [...runs.values()],
    payloads: () => [...runs.values()].map(({ payload }) => payload),
    /** Every file below a folder of the place, sorted; nothing of a folder that is not there. */
    async files(folder = ''): Promise<string[]> {
      const entries = await readdir(join(place.root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
      const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
      return paths.map((path) => path.slice(place.root.length + 1)).sort();
    },
  };
}

/** Lays a file, as if it had been written that many seconds ago. */
export async function lay(place: Place, name: string, content: string | Buffer, secondsAgo = 60): Promise<void> {
  const path = join(place.root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  const time = new Date(Math.floor(Date.now() / 1000) * 1000 - secondsAgo * 1000);
  await utimes(path, time, time);
}
