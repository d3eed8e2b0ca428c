import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRecords, stepTime } from './records.fixture.ts';

let setup: Awaited<ReturnType<typeof startRecords>>;
beforeAll(async () => {
  setup = await startRecords();
});
afterAll(() => setup?.stop());

test('R-C2 master data is written by the flows that bring it; a local write is refused, however it is tried', async () => {
  const local = setup.burst(setup.tenant, 'shop');
  const refused = {
    code: 'RECORD_WRITER_OTHER',
    category: 'validation',
    message: 'Records of type “price” are written by “catalogue” and “price-list” alone.',
  };
  await expect(local.as('put', new Date()).put('price', 'A', { sku: 'A', price: 1 })).rejects.toMatchObject(refused);
  await expect(local.as('move', new Date()).transition('price', 'A', 'SOLD', {})).rejects.toMatchObject(refused);
  const sync = { type: 'price', onInvalid: 'skip', key: 'k' } as const;
  await expect(
    local.sets('sync', stepTime).sync([{ id: 'A', data: { sku: 'A', price: 1 } }], sync),
  ).rejects.toMatchObject(refused);
  expect(local.pending()).toEqual([]);
  expect(await local.readonly.get('price', 'A')).toBeUndefined();
});

test('R-C2 the flow that brings master data writes it', async () => {
  const bringing = setup.burst(setup.tenant, 'price-list');
  expect(await bringing.as('put', new Date()).put('price', 'A', { sku: 'A', price: 1 })).toMatchObject({ version: 1 });
});
