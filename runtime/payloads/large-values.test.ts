import { randomUUID } from 'node:crypto';
import { ExactNumber, exact, type Json, readJson, writeJson } from '@millrace/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LargeValues, largeValues } from './large-values.ts';
import { openPayloads, type Payloads } from './payloads.fixture.ts';

let payloads: Payloads;
beforeAll(async () => {
  payloads = await openPayloads();
});
afterAll(() => payloads.close());

function valuesOf(run = randomUUID(), threshold?: number): LargeValues {
  return largeValues(payloads.storeIn('database'), { tenant: payloads.tenant, run }, threshold);
}

/** As the state of a run is written to its row and read again, by another process. */
function persisted(stored: Json): Json {
  return readJson(writeJson(stored));
}

const order = (lines: number) => ({ lines: Array.from({ length: lines }, (_, n) => ({ n, sku: `SKU-${n}` })) });

test('a small value stays where it stands', async () => {
  const value = { id: 'D-1', total: new ExactNumber('1.10') };
  expect(await valuesOf().offload(value)).toBe(value);
  expect(await valuesOf().load(value)).toBe(value);
});

test('up to 64 kB of JSON text a value stays, beyond it is stored apart', async () => {
  const values = valuesOf();
  const fits = 'x'.repeat(64 * 1024 - 2);
  expect(await values.offload(fits)).toBe(fits);
  const stored = await values.offload(`${fits}x`);
  expect(Buffer.byteLength(writeJson(stored))).toBeLessThan(300);
  expect(await valuesOf().load(persisted(stored))).toBe(`${fits}x`);
});

test('a run has the same content once, whoever stores it again', async () => {
  const run = randomUUID();
  const before = await payloads.count('payload');
  const stored = await valuesOf(run).offload(order(5000));
  expect(await valuesOf(run).offload(order(5000))).toEqual(stored);
  expect(await valuesOf().offload(order(5000))).not.toEqual(stored);
  expect(await payloads.count('payload')).toBe(before + 2);
});

test('a value that was offloaded or loaded is not written again', async () => {
  const values = valuesOf();
  const value = order(5000);
  const stored = await values.offload(value);
  expect(await values.offload(value)).toBe(stored);
  const other = valuesOf();
  const marker = persisted(stored);
  expect(await other.offload(await other.load(marker))).toBe(marker);
});

test('data that looks like a marker survives, and refers to nothing', async () => {
  const values = valuesOf();
  const genuine = await values.offload(order(5000));
  for (const forged of [genuine, { $payload: null }, { $payload: { blob: 'x' }, more: 1 }, { $payload: genuine }]) {
    const copy = persisted(forged);
    const stored = await valuesOf().offload(copy);
    expect(stored).not.toEqual(copy);
    expect(await valuesOf().load(persisted(stored))).toEqual(copy);
  }
  const inside = { a: [persisted(genuine)] };
  expect(await valuesOf().load(persisted(await valuesOf().offload(inside)))).toEqual(inside);
});

test('a marker of another tenant, or one that refers to nothing, is refused', async () => {
  const stored = await valuesOf().offload(order(5000));
  const stranger = largeValues(payloads.storeIn('database'), { tenant: payloads.other });
  await expect(stranger.load(persisted(stored))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  await expect(valuesOf().load({ $payload: 1 })).rejects.toMatchObject({ code: 'PAYLOAD_MARKER_INVALID' });
});

test('any value comes back identical, every digit of its numbers, whatever the threshold', async () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    exactNumber(),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, ''),
      number,
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('$payload')), tie('value'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(value, fc.constantFrom(0, 10, 100), async (value, threshold) => {
      const run = randomUUID();
      const stored = persisted(await valuesOf(run, threshold).offload(value));
      expect(writeJson(await valuesOf(run, threshold).load(stored))).toBe(writeJson(value));
    }),
    { numRuns: 150 },
  );
});

function exactNumber() {
  return fc.tuple(fc.bigInt({ min: 10n ** 20n, max: 10n ** 30n }), fc.nat(99)).map(([whole, cents]) => {
    // One that a double holds as well is a plain number.
    return exact(`${whole}.${String(cents).padStart(2, '0')}`);
  });
}
