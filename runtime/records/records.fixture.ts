/** Records on a real database, as a burst sees them, for two tenants. Tests only. */
import { isObject, type Json, type JsonObject, type RecordSync, type SyncItem } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { createDatabase } from '@millrace/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { evaluationFor } from '../engine/evaluation.ts';
import { bufferRecords } from '../engine/records.ts';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { openDatabase } from '../postgres/database.ts';
import { saveRecordTypes } from '../postgres/flows/deployments.ts';
import { migrate } from '../postgres/migrate.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';

export const environment = 'production';
/** Of every step here. */
export const stepTime = new Date('2026-03-02T09:30:00.000Z');
const runId = '00000000-0000-7000-8000-000000000001';

export const product: RecordType = {
  id: 'product',
  title: 'Product',
  schema: {
    type: 'object',
    required: ['sku', 'price'],
    properties: { sku: { type: 'string' }, price: { $ref: '#/$defs/amount' }, is_active: { type: 'boolean' } },
    $defs: { amount: { type: 'number', minimum: 0 } },
  },
};

/** The same with a life cycle, which keeps the times of two moves; from LOCKED nothing follows. */
const article: RecordType = {
  ...product,
  id: 'article',
  lifecycle: {
    field: 'state',
    initial: 'ACTIVE',
    transitions: { ACTIVE: ['INACTIVE', 'LOCKED'], INACTIVE: ['ACTIVE'], LOCKED: [] },
    stamps: { ACTIVE: 'back_at', INACTIVE: 'gone_at' },
  },
};

/** The ERP's: other flows only read it. */
const price: RecordType = { ...product, id: 'price', writers: ['catalogue', 'price-list'] };

export async function startRecords() {
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const database = openDatabase(scratch.url);
  const evaluator = startEvaluator({ processes: 1 });
  const admin = new pg.Client(scratch.url);
  await admin.connect();
  const [tenant, other] = await database.asScanner(async (tx) => [
    (await ensureTenant(tx, 'acme', 'Acme')).id,
    (await ensureTenant(tx, 'other', 'Other')).id,
  ]);
  for (const id of [tenant, other])
    await database.asTenants([id], (tx) => saveRecordTypes(tx, { tenant: id, environment }, [product, article, price]));
  const burst = (of = tenant, flowId = 'catalogue') =>
    bufferRecords({ id: runId, tenant: of, environment, flowId }, database, evaluationFor(evaluator, of));

  return {
    database,
    admin,
    tenant,
    other,
    burst,
    sync: (items: AsyncIterable<Json> | Iterable<Json>, sync: Partial<RecordSync> = {}, of?: string) =>
      burst(of)
        .sets('sync', stepTime)
        .sync(bySku(items), { type: 'product', onInvalid: 'skip', key: crypto.randomUUID(), ...sync }),
    /** What the tenant has in a table. */
    rows: async <T>(text: string): Promise<T[]> =>
      (await database.asTenants([tenant], (tx) => sql.raw<T>(text).execute(tx))).rows,
    /** Id → data of the records of a type. */
    async all(type = 'product', of = tenant): Promise<Record<string, JsonObject>> {
      const { records } = await burst(of).readonly.query(type, { orderBy: '$id', limit: 1000 });
      return Object.fromEntries(records.map(({ id, data }) => [id, data]));
    },
    async stop() {
      await evaluator.close();
      await database.close();
      await admin.end();
      await scratch.drop();
    },
  };
}

/** Items as a node gives them whose id is their SKU. */
export async function* bySku(items: AsyncIterable<Json> | Iterable<Json>): AsyncGenerator<SyncItem> {
  for await (const data of items) yield { data, ...(isObject(data) && { id: data.sku as Json }) };
}

export type RecordsFixture = Awaited<ReturnType<typeof startRecords>>;
