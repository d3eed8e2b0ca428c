import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '@millrace/contract';
import { type Place, waysToReach } from '@millrace/file-exchange/places.fixture';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DropzoneConfig } from '../connection/config.ts';
import { put } from './node.ts';

const fileName = 'sales_order_4711_20251227T100000Z.json';
const order = { draft_order_id: '4711', lines: [{ line_no: 1, qty: 100 }] };

function deliver(
  { config }: { readonly config: DropzoneConfig },
  input: Json = order,
  overrides: Parameters<typeof runNode>[3] = {},
  name = fileName,
) {
  return runNode(put, input, { fileName: name }, { connection: connectionTo(config), ...overrides } as never);
}

async function written(place: Place, folder = ''): Promise<unknown> {
  return JSON.parse(await readFile(join(place.root, folder, fileName), 'utf8'));
}

for (const { way, missing, reach } of waysToReach) {
  describe.skipIf(missing)(`by ${way}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await reach();
    });
    afterEach(() => place.stop());

    test('R-D3 the document is written into the dropzone under its name, and described', async () => {
      const result = await deliver(place);
      const bytes = await readFile(join(place.root, fileName));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = join(place.root, fileName);
      expect(result).toEqual({
        kind: 'emit',
        port: 'out',
        data: { path, fileName, size: bytes.length, sha256, alreadyDelivered: false },
      });
      expect(await written(place)).toEqual(order);
      expect(await readdir(place.root)).toEqual([fileName]);
    });

    test('R-D3 out/ is used where it exists, a configured folder before it', async () => {
      await mkdir(join(place.root, 'out'));
      await mkdir(join(place.root, 'inbound'));
      await deliver(place);
      expect(await written(place, 'out')).toEqual(order);
      await deliver({ ...place, config: { ...place.config, outFolder: 'inbound' } });
      expect(await written(place, 'inbound')).toEqual(order);
      await deliver({ ...place, config: { ...place.config, outFolder: '.' } });
      expect(await written(place)).toEqual(order);
    });

    test('R-D3 a document given as body is written instead of the input, an empty one too', async () => {
      const config = { fileName, body: null };
      await runNode(put, order, config, { connection: connectionTo(place.config) });
      expect(await written(place)).toBeNull();
    });

    test('R-D3 the file is never visible half-written, nor when it is replaced', async () => {
      const large = { ...order, notes: 'x'.repeat(1_000_000) };
      const writing = deliver(place, large).then(() => deliver(place, large));
      const sizes = await sizesSeen(join(place.root, fileName), writing);
      const { length } = await readFile(join(place.root, fileName));
      expect(new Set(sizes)).toEqual(new Set([length]));
    });

    test('R-D3 a retry overwrites the unread file and makes no twin', async () => {
      await deliver(place);
      const result = await deliver(place, { ...order, note: 'again' }, { repeated: true, attempt: 2 });
      expect(result).toMatchObject({ data: { alreadyDelivered: false } });
      expect(await written(place)).toHaveProperty('note');
      expect(await readdir(place.root)).toEqual([fileName]);
    });

    test('R-D3 a retry removes what the attempt before it left behind, and nothing of others', async () => {
      const leftover = temporaryName(fileName);
      const foreign = temporaryName('sales_order_4712_1.json');
      await writeFile(join(place.root, leftover), '{"half":');
      await writeFile(join(place.root, foreign), '{"half":');
      await deliver(place, order, { repeated: true });
      expect((await readdir(place.root)).sort()).toEqual([foreign, fileName]);
    });

    test('R-D3 a retry writes nothing when the ERP has moved the file to archive/', async () => {
      await deliver(place);
      await mkdir(join(place.root, 'archive'));
      await rename(join(place.root, fileName), join(place.root, 'archive', fileName));
      expect(await deliver(place, order, { repeated: true })).toMatchObject({
        port: 'out',
        data: { alreadyDelivered: true },
      });
      expect(await readdir(place.root)).toEqual(['archive']);
    });

    test.each([
      ['ack', 'ack_sales_order_4711_20251227T100000Z.json', true],
      ['', 'error_sales_order_4711_20251227T100000Z.json', true],
      ['archive', 'ack_sales_order_4711_20251227T100000Z.json', true],
      ['archive', 'ack_sales_order_4711_20251226T090000Z.json', false],
      ['ack', 'ack_sales_order_4712_20251227T100000Z.json', false],
    ])('R-D3 before a retry, in folder %j the ack %s means delivered: %s', async (folder, ack, alreadyDelivered) => {
      await mkdir(join(place.root, folder), { recursive: true });
      await writeFile(join(place.root, folder, ack), '{}');
      expect(await deliver(place, order, { repeated: true })).toMatchObject({ data: { alreadyDelivered } });
    });

    test('R-D3 a missing folder is a transient error', async () => {
      const away = { ...place, config: { ...place.config, path: join(place.root, 'away') } };
      expect(await deliver(away)).toMatchObject({
        kind: 'fail',
        error: { code: 'FOLDER_MISSING', category: 'transient' },
      });
    });

    test('R-D3 a link in the place of out/ is not followed', async () => {
      await mkdir(join(place.root, 'elsewhere'));
      await symlink(join(place.root, 'elsewhere'), join(place.root, 'out'));
      expect(await deliver(place)).toMatchObject({ kind: 'fail', error: { code: 'FOLDER_MISSING' } });
      expect(await readdir(join(place.root, 'elsewhere'))).toEqual([]);
    });

    test('R-D3 a name that leads out of the dropzone is refused before anything is written', async () => {
      const refused = {
        kind: 'fail',
        error: { code: 'INVALID_FILE_NAME', category: 'validation', pointer: '/fileName' },
      };
      expect(await deliver(place, order, {}, '../twin.json')).toMatchObject(refused);
      expect(await readdir(place.root)).toEqual([]);
    });

    test('R-D3 a cancelled step writes nothing', async () => {
      const result = await deliver(place, order, { signal: AbortSignal.abort() });
      expect(result).toMatchObject({ kind: 'fail', error: { category: 'cancelled' } });
      expect(await readdir(place.root)).toEqual([]);
    });
  });
}

/** As an attempt of the step that `runNode` runs names its temporary files. */
function temporaryName(name: string): string {
  return `.${name}.${createHash('sha256').update('run-1/step/0/0').digest('hex').slice(0, 12)}.0badcafe.tmp`;
}

/** Sizes under which a reader sees a file, asking again and again until `writing` is done. */
async function sizesSeen(path: string, writing: Promise<unknown>): Promise<number[]> {
  const sizes: number[] = [];
  const written = writing.then(() => 'written');
  do {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes) sizes.push(bytes.length);
  } while ((await Promise.race([written, Promise.resolve()])) !== 'written');
  return sizes;
}
