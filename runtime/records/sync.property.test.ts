import type { JsonObject, RecordSync, SyncItem, SyncReport } from '@millrace/contract';
import { memoryRecordStore } from '@millrace/testing/memory-records';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RecordsFixture, startRecords, stepTime } from './records.fixture.ts';

let fixture: RecordsFixture;
beforeAll(async () => {
  fixture = await startRecords();
});
afterAll(() => fixture?.stop());

const type = 'product';
const listTime = '2026-03-02T03:00:00Z';
const id = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const price = fc.integer({ min: 0, max: 3 });
/** Before, at and after the time of the list, in several zones. */
const asOf = fc.constantFrom('2026-03-01T12:00:00Z', '2026-03-02T04:00:00+01:00', '2026-03-02T03:00:00.001Z');
const record = fc.record({ price, note: fc.constantFrom('a', 'b'), as_of: asOf }, { requiredKeys: ['price'] });
const stored = fc.dictionary(id, record);
const item: fc.Arbitrary<SyncItem> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ id, data: fc.record({ price }) }) },
  { weight: 1, arbitrary: fc.record({ id, data: fc.constant('no object') }) },
);
const fields = fc.constantFrom<JsonObject>({}, { note: 'gone' }, { price: 0, note: 'gone' });
const percent = fc.constantFrom(0, 40, 100);
const options = fc.record(
  {
    missing: fc.record({ set: fields, mostPercent: percent }),
    keepOthers: fc.record({ initial: fc.constantFrom<JsonObject>({}, { note: 'new' }) }),
    onChange: fc.constantFrom<JsonObject>({ as_of: listTime }, { as_of: listTime, why: 'list' }),
    onlyWhere: fc.constantFrom([{ field: 'as_of', until: listTime }], [{ field: 'note', equals: 'a' }]),
    mostChangedPercent: percent,
    leastCount: fc.constantFrom(0, 2),
  },
  { requiredKeys: [] },
);

/** Records as data, each with the SKU that the type demands. */
const withSku = (sku: string, data: JsonObject): JsonObject => ({ sku, ...data });

async function seed(records: Record<string, JsonObject>): Promise<void> {
  await fixture.admin.query('truncate millrace.record, millrace.record_history, millrace.record_sync');
  await fixture.sync(Object.entries(records).map(([sku, data]) => withSku(sku, data)));
}

type Outcome = { readonly report: SyncReport } | { readonly refused: string };

async function outcomeOf(syncing: Promise<SyncReport>): Promise<Outcome> {
  try {
    const { problems, ...report } = await syncing;
    return {
      report: { ...report, problems: problems.map(({ message, ...problem }) => ({ ...problem, message: '' })) },
    };
  } catch (thrown) {
    return { refused: (thrown as { code: string }).code };
  }
}

test('R-C6 a sync does what a small model says, whatever is stored, listed and asked for', async () => {
  const change = fc.record({ before: stored, items: fc.array(item, { maxLength: 7 }), wanted: options });
  await fc.assert(
    fc.asyncProperty(change, async ({ before, items, wanted }) => {
      const listed = items.map((one) => ({ ...one, data: withData(one) }));
      const seeds = Object.entries(before).map(([sku, data]) => ({ type, id: sku, data: withSku(sku, data) }));
      const model = memoryRecordStore(seeds);
      await seed(before);
      const sync: RecordSync = {
        ...(wanted as Partial<RecordSync>),
        type,
        onInvalid: 'skip',
        key: 'the one',
        listChanges: async (changes) => (await Array.fromAsync(changes)) as unknown as JsonObject,
      };
      const expected = await outcomeOf(model.recordSets.sync(listed, sync));
      const actual = await outcomeOf(fixture.burst().sets('sync', stepTime).sync(listed, sync));
      expect(actual).toEqual(expected);
      const { records } = await model.records.query(type, { limit: 100 });
      expect(await fixture.all()).toEqual(Object.fromEntries(records.map((one) => [one.id, one.data])));
    }),
    { numRuns: 100 },
  );
});

function withData({ id: sku, data }: SyncItem): JsonObject | string {
  return typeof data === 'string' ? data : withSku(String(sku), data as JsonObject);
}
