import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactNumber, type Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { openS3Sandbox } from '../store/stores.fixture.ts';
import put from './node.ts';

/** Where a folder keeps what is still being written. */
const incoming = '.incoming';
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A store in a folder of its own, beside nothing else: what lands in `around` has left the store. */
async function setup() {
  const around = await mkdtemp(join(tmpdir(), 'millrace-store-'));
  folders.push(around);
  const folder = join(around, 'objects');
  const connection = connectionTo({ kind: 'folder' as const, folder });
  let ifExists: 'replace' | 'fail' = 'replace';
  const setIfExists = (choice: typeof ifExists) => {
    ifExists = choice;
  };
  const keep = (key: string, body: Json = {}, contentType?: string) =>
    runNode(put, null, { key, body, ifExists, ...(contentType && { contentType }) }, { connection });
  const read = (key: string) => readFile(join(folder, key), 'utf8');
  return { around, folder, keep, read, setIfExists };
}

describe('R-D2 a document', () => {
  test('is kept with every digit, its size and its SHA-256 told', async () => {
    const { keep, read } = await setup();
    const result = await keep('exports/2026/D-1.json', { total: new ExactNumber('12345678901234567.890') });
    const text = await read('exports/2026/D-1.json');
    expect(text).toBe('{"total":12345678901234567.890}');
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(result).toEqual({ kind: 'emit', port: 'out', data: { key: 'exports/2026/D-1.json', size: 31, sha256 } });
  });

  test('put again under its key takes the place of the first', async () => {
    const { keep, read } = await setup();
    await keep('D-1.json', { try: 1, long: 'x'.repeat(100) });
    await keep('D-1.json', { try: 2 });
    expect(await read('D-1.json')).toBe('{"try":2}');
  });

  test('leaves nothing half-written behind', async () => {
    const { folder, keep } = await setup();
    await keep('D-1.json');
    expect(await readdir(join(folder, incoming))).toEqual([]);
  });

  test('of text is kept as it is', async () => {
    const { keep, read } = await setup();
    await keep('stock.csv', 'sku;quantity\n', 'text/csv');
    expect(await read('stock.csv')).toBe('sku;quantity\n');
  });

  test('that is neither text nor JSON is refused', async () => {
    const { keep } = await setup();
    expect(await keep('stock.csv', { sku: 'A' }, 'text/csv')).toMatchObject({
      error: { code: 'OBJECT_BODY_INVALID', pointer: '/body' },
    });
  });
});

describe('a key', () => {
  test.each([
    '../D-1.json',
    'a/../../D-1.json',
    '/etc/passwd',
    'a\\..\\D-1.json',
    'C:/D-1.json',
    'a\0b',
    'a\nb',
    'a\u202eb',
    '\ud800',
    'CON',
    'a/nul.json',
    'com1',
    'a./b',
    'a /b',
    'a//b',
    'a/',
    './a',
    'x'.repeat(256),
    'x/'.repeat(600),
    `${incoming}/a`,
    '.INCOMING/a',
  ])('%j is refused', async (key) => {
    const { around, keep } = await setup();
    expect(await keep(key)).toMatchObject({ kind: 'fail', error: { code: 'OBJECT_KEY_INVALID', pointer: '/key' } });
    expect(await readdir(around)).toEqual([]);
  });

  test('of any text either is refused or names one object inside the store', async () => {
    const { around, folder, keep, read } = await setup();
    const segment = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '.', '', 'a', 'CON', '…', 'å'));
    const keys = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join('/'));
    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        await rm(folder, { recursive: true, force: true });
        const result = await keep(key, { key });
        if (result.kind === 'emit') expect(await read(key.normalize('NFC'))).toBe(JSON.stringify({ key }));
        else expect(result).toMatchObject({ error: { code: 'OBJECT_KEY_INVALID' } });
        expect((await readdir(around)).filter((name) => name !== 'objects')).toEqual([]);
      }),
    );
  });

  test('that looks the same is the same object', async () => {
    const { keep, read } = await setup();
    expect(await keep('Malmo\u0308.json', 1)).toMatchObject({ data: { key: 'Malm\u00f6.json' } });
    await keep('Malm\u00f6.json', 2);
    expect(await read('Malm\u00f6.json')).toBe('2');
  });

  test('that leads through another object is refused', async () => {
    const { keep } = await setup();
    await keep('a');
    expect(await keep('a/b')).toMatchObject({ error: { code: 'OBJECT_KEY_INVALID' } });
  });

  test('that names a folder of other objects is refused, and nothing stays behind', async () => {
    const { folder, keep } = await setup();
    await keep('a/b');
    expect(await keep('a')).toMatchObject({ error: { code: 'OBJECT_KEY_INVALID' } });
    expect(await readdir(join(folder, incoming))).toEqual([]);
  });
});

describe('a file of the run', () => {
  test('is kept with its content, as what it is, without being held in memory', async () => {
    const blobs = memoryBlobs();
    const chunks = (async function* () {
      for (let n = 0; n < 3; n++) yield Buffer.alloc(1000, n);
    })();
    const file = await blobs.write(chunks, { name: 'scan.pdf', mediaType: 'application/pdf' });
    const s3 = await openS3Sandbox();
    const result = await runNode(put, { ...file }, { key: 'scans/1.pdf' }, { ...s3.world, blobs });
    expect(result).toMatchObject({ data: { key: 'scans/1.pdf', size: 3000, sha256: file.sha256 } });
    expect(await s3.typeOf('scans/1.pdf')).toBe('application/pdf');
    await s3.sandbox.stop();
  });

  test('that is gone fails the step, and nothing is kept', async () => {
    const { folder, keep } = await setup();
    const gone = { blob: `blob_${'0'.repeat(32)}`, name: 'a', mediaType: 'text/csv', bytes: 1, sha256: '' };
    expect(await keep('a.csv', gone)).toMatchObject({ error: { code: 'BLOB_MISSING' } });
    expect((await readdir(folder)).filter((name) => name !== incoming)).toEqual([]);
  });
});

describe('an object that is not to be replaced', () => {
  test('stays, and the step fails', async () => {
    const { keep, read, setIfExists } = await setup();
    setIfExists('fail');
    await keep('D-1.json', { try: 1 });
    expect(await keep('D-1.json', { try: 2 })).toMatchObject({ error: { code: 'OBJECT_EXISTS', pointer: '/key' } });
    expect(await read('D-1.json')).toBe('{"try":1}');
  });

  test('but holds the very same bytes counts as put: the step is repeated after a crash', async () => {
    const { keep, setIfExists } = await setup();
    setIfExists('fail');
    const first = await keep('Malmo\u0308.json', { try: 1 });
    expect(await keep('Malm\u00f6.json', { try: 1 })).toEqual(first);
  });
});

describe('a symbolic link in the store', () => {
  test('that leads out is not followed, not even to make a folder', async () => {
    const { around, folder, keep } = await setup();
    await mkdir(join(around, 'outside'));
    await mkdir(folder);
    await symlink(join(around, 'outside'), join(folder, 'exports'));
    expect(await keep('exports/2026/D-1.json')).toMatchObject({ error: { code: 'OBJECT_KEY_INVALID' } });
    expect(await readdir(join(around, 'outside'))).toEqual([]);
  });

  test('in place of the object is replaced, and what it led to stays as it was', async () => {
    const { around, folder, keep } = await setup();
    await writeFile(join(around, 'outside'), 'untouched');
    await mkdir(folder);
    await symlink(join(around, 'outside'), join(folder, 'D-1.json'));
    await keep('D-1.json');
    expect(await readFile(join(around, 'outside'), 'utf8')).toBe('untouched');
    expect((await lstat(join(folder, 'D-1.json'))).isFile()).toBe(true);
  });
});
