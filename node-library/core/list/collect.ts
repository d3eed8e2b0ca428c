import { type Blobs, type Json, MillraceError, writeJson } from '@millrace/contract';
import Type, { type Static } from 'typebox';

/** Items, and bytes of JSON, up to which a list stays in the run's data. */
const fewItems = 1000;
const fewBytes = 1024 * 1024;

/** Most items that are put into the run's data where somebody asks for it. */
const maxItems = 50_000;

export const ListForm = Type.Enum(['list', 'blob'], {
  title: 'Give',
  description: `list: the items as data, at most ${maxItems}. blob: a file that holds the list, of any length. Without it a list of up to ${fewItems} small items, otherwise a file.`,
  examples: ['list'],
});
type ListForm = Static<typeof ListForm>;

export interface CollectOptions {
  readonly as: ListForm | undefined;
  /** Of the file, without an ending. */
  readonly name: string;
  readonly blobs: Blobs;
}

/**
 * Items as one list in the run's data, or as a file that holds them; no more are in memory than may stay there.
 * @throws {MillraceError} `LIST_TOO_LONG`
 */
export async function collect(items: AsyncIterable<Json>, { as, name, blobs }: CollectOptions): Promise<Json> {
  const write = (all: AsyncIterable<Json>) => blobs.writeLines(all, { name: `${name}.ndjson` });
  if (as === 'blob') return (await write(items)) as unknown as Json;
  const rest = items[Symbol.asyncIterator]();
  try {
    const first = await takeWhile(rest, as === 'list' ? asAsked() : fewAndSmall());
    return first.ended ? first.items : ((await write(joined(first.items, rest))) as unknown as Json);
  } finally {
    await rest.return?.();
  }
}

/** Whether one more item may stay in memory. */
type Room = (item: Json) => boolean;

function asAsked(): Room {
  let count = 0;
  return () => {
    count += 1;
    if (count <= maxItems) return true;
    throw new MillraceError('LIST_TOO_LONG', `The list has more than ${maxItems} items; take it as a file (blob).`);
  };
}

function fewAndSmall(): Room {
  let count = 0;
  let bytes = 0;
  return (item) => {
    count += 1;
    bytes += writeJson(item).length;
    return count <= fewItems && bytes <= fewBytes;
  };
}

async function takeWhile(source: AsyncIterator<Json>, hasRoom: Room): Promise<{ items: Json[]; ended: boolean }> {
  const items: Json[] = [];
  for (let next = await source.next(); !next.done; next = await source.next()) {
    items.push(next.value);
    if (!hasRoom(next.value)) return { items, ended: false };
  }
  return { items, ended: true };
}

async function* joined(items: readonly Json[], rest: AsyncIterator<Json>): AsyncGenerator<Json> {
  yield* items;
  yield* { [Symbol.asyncIterator]: () => rest };
}
