import { type BlobRef, type Blobs, type Each, isBlobRef, type Json, type JsonObject } from '@millrace/contract';
import type { EachPasses } from '@millrace/flow';
import type { LargeValues } from '../payloads/large-values.ts';
import type { PassResultRow } from '../postgres/commit/write-passes.ts';
import type { StoredPassResult } from '../postgres/runs/load-passes.ts';

/** Where results of earlier bursts lie, the large ones by reference. */
export interface StoredResults {
  read(step: string, from: number, limit: number): Promise<StoredPassResult[]>;
}

/** Results read at once. */
const page = 1000;
/** More results than this become a list in the payload store. */
const mostInline = 10_000;
/** Of the failed items of a loop that goes on so many are named. */
const mostErrors = 1_000;

/**
 * The lists that a run's loops go over, and what their passes gave. A list is read as the passes go along; after a
 * restart it is opened anew at the item that is wanted, since the node that named it is pure and names it again.
 */
export class Loops {
  readonly #blobs: Blobs;
  readonly #stored: StoredResults;
  readonly #values: LargeValues;
  readonly #lists = new Map<string, OpenList>();

  constructor(blobs: Blobs, stored: StoredResults, values: LargeValues) {
    this.#blobs = blobs;
    this.#stored = stored;
    this.#values = values;
  }

  open(step: string, { items }: Each): void {
    this.#lists.set(step, openList(items, this.#blobs));
  }

  /** The item; nothing where the list has ended. `list` names the list again where it is not open. */
  async item(step: string, index: number, list: () => Promise<Each>): Promise<{ readonly value: Json } | undefined> {
    if (!this.#lists.has(step)) this.open(step, await list());
    return this.#lists.get(step)?.at(index);
  }

  /**
   * All results of a loop whose passes have ended, in the order of the items; as a list in the store when they are many.
   * Where some have failed: `{ results, errors }`, with null in the place of each that did.
   * @param uncommitted those that are not stored yet
   */
  async gather(
    step: string,
    { total = 0, failed }: Pick<EachPasses, 'total' | 'failed'>,
    uncommitted: readonly PassResultRow[],
  ): Promise<Json> {
    const errors: JsonObject[] = [];
    const outputs = this.#outputs(step, uncommitted, errors);
    const results = total > mostInline ? await this.#inStore(step, outputs) : await Array.fromAsync(outputs);
    return failed === 0 ? results : { results, errors };
  }

  async #inStore(step: string, outputs: AsyncIterable<Json>): Promise<Json> {
    return (await this.#blobs.writeLines(outputs, { name: `${step}.jsonl` })) as unknown as Json;
  }

  async *#outputs(step: string, uncommitted: readonly PassResultRow[], errors: JsonObject[]): AsyncIterable<Json> {
    for await (const { index, output, error } of this.#all(step, uncommitted)) {
      if (error && errors.length < mostErrors) errors.push({ index, error: error as unknown as Json });
      yield error ? null : output;
    }
  }

  /** The loops have ended. */
  forget(steps: Iterable<string>): void {
    for (const step of steps) this.#lists.delete(step);
  }

  async *#all(step: string, uncommitted: readonly PassResultRow[]): AsyncIterable<StoredPassResult> {
    const fresh = new Map(uncommitted.map((result) => [result.index, result]));
    let index = 0;
    for (;;) {
      for (let one = fresh.get(index); one; one = fresh.get(++index)) yield asStored(one);
      const stored = await this.#stored.read(step, index, page);
      if (stored.length === 0) return;
      for (const one of stored) {
        for (let next = fresh.get(index); next && index < one.index; next = fresh.get(++index)) yield asStored(next);
        if (one.index === index) yield await this.#whole(one);
        index = one.index + 1;
      }
    }
  }

  /** One by one: a page of large results would not fit into memory. */
  async #whole(stored: StoredPassResult): Promise<StoredPassResult> {
    return { ...stored, output: await this.#values.load(stored.output) };
  }
}

function asStored({ index, output, error }: PassResultRow): StoredPassResult {
  return { index, output: output ?? null, error: error ?? null };
}

interface OpenList {
  at(index: number): Promise<{ readonly value: Json } | undefined>;
}

function openList(items: readonly Json[] | BlobRef, blobs: Blobs): OpenList {
  return isBlobRef(items) ? openBlob(items, blobs) : { at: async (index) => wrapped(items, index) };
}

function wrapped(items: readonly Json[], index: number): { readonly value: Json } | undefined {
  return index < items.length ? { value: items[index] ?? null } : undefined;
}

/** Items are asked for one after the other, so that the list is read once from its beginning to its end. */
function openBlob(list: BlobRef, blobs: Blobs): OpenList {
  let position = 0;
  let lines: AsyncIterator<Json> | undefined;
  let reading: Promise<unknown> = Promise.resolve();

  async function read(index: number): Promise<{ readonly value: Json } | undefined> {
    if (!lines || index !== position) lines = blobs.readLines(list, index)[Symbol.asyncIterator]();
    position = index + 1;
    const next = await lines.next();
    return next.done ? undefined : { value: next.value };
  }

  return {
    at(index) {
      const item = reading.then(() => read(index));
      reading = item.catch(() => undefined);
      return item;
    },
  };
}
