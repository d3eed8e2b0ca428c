/** What the payload store's tests share. Tests only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@millrace/testing';
import pg from 'pg';
import { openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { type SimulatedClock, simulateClock } from '../postgres/simulated-clock.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { openPayloadStore } from './store.ts';

/** A database with two tenants, whose clock can be turned, and a folder. */
export async function openPayloads() {
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const clock: SimulatedClock = await simulateClock(scratch.url);
  const database = openDatabase(scratch.url);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-payloads-'));
  const [tenant, other] = await database.asScanner(async (tx) => [
    await ensureTenant(tx, 'acme', 'Acme'),
    await ensureTenant(tx, 'other', 'Other'),
  ]);
  const owner = new pg.Client(scratch.url);
  await owner.connect();
  // Row-level security binds the owner too.
  await owner.query(`set app.tenants = '{${tenant?.id},${other?.id}}'`);
  return {
    database,
    clock,
    folder,
    tenant: (tenant as { id: string }).id,
    other: (other as { id: string }).id,
    storeIn: (place: string, limit = 10 ** 9) => openPayloadStore({ database, place, limit }),
    /** Rows of a table, of both tenants. */
    count: async (table: 'payload' | 'payload_chunk' | 'payload_use') => {
      const { rows } = await owner.query<{ n: string }>(`select count(*) as n from millrace.${table}`);
      return Number(rows[0]?.n);
    },
    query: (text: string, values: unknown[] = []) => owner.query(text, values),
    async close() {
      await owner.end();
      await clock.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
      await scratch.drop();
    },
  };
}

export type Payloads = Awaited<ReturnType<typeof openPayloads>>;

export async function* chunksOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** So many bytes in pieces of 64 kB, without their ever being together. */
export async function* bytesOf(total: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < total; sent += 65_536) yield Buffer.alloc(Math.min(65_536, total - sent), sent % 251);
}

export async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await allOf(content)).toString();
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
