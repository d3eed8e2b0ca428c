import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, FoundSignal, Json } from '@millrace/contract';
import { folderPlace, type Place } from '@millrace/file-exchange/places.fixture';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAck } from '../ack/read-ack.ts';
import { ackWatch } from '../ack/watch.ts';
import type { DropzoneConfig } from '../connection/config.ts';
import { put } from '../put/node.ts';
import { type Answer, answerName } from './answer.ts';
import { dropzoneSandbox } from './sandbox.ts';

let place: Place;
let sandbox: Awaited<ReturnType<typeof dropzoneSandbox>>;
let connection: Connection<DropzoneConfig>;
beforeEach(async () => {
  place = await folderPlace();
  sandbox = await dropzoneSandbox({ folder: place.root, now: () => new Date('2025-12-27T10:10:00Z') });
  connection = { ...connectionTo(sandbox.config as DropzoneConfig), id: place.root };
});
afterEach(() => place.stop());

const order = { draft_order_id: '4711' };
const fileName = 'sales_order_4711_20251227T100000Z.json';
const deliver = () => runNode(put, order, { fileName }, { connection });

async function poll(): Promise<FoundSignal[]> {
  const found: FoundSignal[] = [];
  await ackWatch.poll(connection, async (finding) => void found.push(finding), new AbortController().signal);
  return found;
}

test('R-D4 the sandbox shows what was delivered and acks it under its stamp', async () => {
  await deliver();
  expect(await sandbox.state()).toEqual({ files: [fileName], archive: [], error: [], orders: [order] });
  await sandbox.act({ ack: '4711', erp_order_id: 'SO-9' });
  expect(await poll()).toMatchObject([
    {
      key: '4711',
      payload: { erp_order_id: 'SO-9', stamp: '20251227T100000Z', processed_at: '2025-12-27T10:10:00.000Z' },
    },
  ]);
  expect(await sandbox.state()).toMatchObject({ archive: ['ack_sales_order_4711_20251227T100000Z.json'] });
});

test('R-D4 it refuses, answers several times and puts any file', async () => {
  await sandbox.act({ refuse: '4711', error_code: 'X', message: 'Y', stamp: '20251227T100000Z', times: 2 });
  await sandbox.act({ put: { name: 'ack/ack_sales_order_1_2.json', text: 'raw' } });
  const found = await poll();
  expect(found.filter(({ malformed }) => malformed)).toHaveLength(1);
  expect(found.filter(({ key }) => key === '4711').map(({ source }) => source)).toEqual([
    'error_sales_order_4711_20251227T100000Z.json',
    'error_sales_order_4711_20251227T100001Z.json',
  ]);
});

test('R-D3 the folder can be taken away and brought back with all it holds', async () => {
  await deliver();
  await sandbox.act({ down: true });
  expect(await deliver()).toMatchObject({ kind: 'fail', error: { code: 'FOLDER_MISSING' } });
  expect(await sandbox.state()).toMatchObject({ files: [fileName] });
  await sandbox.act({ down: false });
  expect(await deliver()).toMatchObject({ kind: 'emit' });
});

test('R-D4 every answer that the sandbox can write is read as an ack', () => {
  const text = fc.string({ minLength: 1 }).filter((value) => value.trim() !== '' && !value.includes('\u0000'));
  const processed_at = fc
    .date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const answers: fc.Arbitrary<Answer> = fc.oneof(
    fc.record({ status: fc.constant('ACKED' as const), erp_order_id: text, processed_at }),
    fc.record({ status: fc.constant('FAILED' as const), error_code: text, message: text, processed_at }),
  );
  const ids = fc.stringMatching(/^[A-Za-z0-9._-]+$/);
  const stamps = fc.stringMatching(/^[A-Za-z0-9-]+$/);
  fc.assert(
    fc.property(answers, ids, stamps, (answer, id, stamp) => {
      const reading = readAck(answerName(answer, id, stamp), Buffer.from(JSON.stringify(answer)), false);
      expect(reading).toMatchObject({ key: id, payload: { ...answer, stamp } });
      expect(reading.malformed).toBeUndefined();
    }),
  );
});

test.each<Json>([null, {}, { ack: 4711 }, { down: 'yes' }, { dance: true }, { put: { name: '../x', text: '' } }])(
  'the sandbox refuses the act %j',
  async (act) => {
    await expect(sandbox.act(act)).rejects.toMatchObject({ code: 'UNKNOWN_ACT' });
    await expect(access(join(place.root, 'x'))).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
