import type { Blobs, Json, JsonObject, SyncChange } from '@millrace/contract';

/** Changes that are told without a look into the file. */
const shown = 100;

/** Keeps all changes in a file, one a line, and answers `{ first, all }`: the first 100 of them, and the file. */
export async function listChanges(changes: AsyncIterable<SyncChange>, blobs: Blobs): Promise<JsonObject> {
  const first: Json[] = [];
  const all = await blobs.writeLines(noting(changes, first), { name: 'changes.ndjson' });
  return { first, all: all as unknown as Json };
}

async function* noting(changes: AsyncIterable<SyncChange>, first: Json[]): AsyncGenerator<Json> {
  for await (const change of changes) {
    const line = change as unknown as Json;
    if (first.length < shown) first.push(line);
    yield line;
  }
}
