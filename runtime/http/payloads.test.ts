import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobRef } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobsFor } from '../payloads/blobs.ts';
import { openPayloadStore } from '../payloads/store.ts';
import { type Instance, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let folder: string;
const run = randomUUID();
beforeAll(async () => {
  instance = await startInstance();
  folder = await mkdtemp(join(tmpdir(), 'millrace-payloads-'));
});
afterAll(async () => {
  await instance?.stop();
  await rm(folder, { recursive: true, force: true });
});

function keep(about: { name?: string; mediaType?: string; size?: number; place?: string } = {}): Promise<BlobRef> {
  const { name = 'order.csv', mediaType = 'text/csv', size = 1000, place = 'database' } = about;
  const store = openPayloadStore({ database: instance.api.database, place, limit: 10 ** 9 });
  return blobsFor(store, { tenant: instance.tenants.acme.id, run }).write(bytesOf(size), { name, mediaType });
}

function get(path: string, headers: Record<string, string> = { 'x-api-key': instance.keys.acme }, method = 'GET') {
  return fetch(`${instance.url}/api/v1/runs${path}`, { headers, method });
}

describe('a file of a run', () => {
  test.each([
    ['the database', () => 'database'],
    ['a folder', () => `folder:${folder}`],
  ])('is downloaded from %s, whole and under its name', async (_place, place) => {
    const ref = await keep({ place: place(), size: 3_000_000 });
    const answer = await get(`/${run}/payloads/${ref.blob}`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '3000000',
      'content-disposition': `attachment; filename="order.csv"; filename*=UTF-8''order.csv`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(await gathered(bytesOf(3_000_000)))).toBe(true);
  });

  test('may be empty, and may be asked for without its content', async () => {
    const ref = await keep({ size: 0 });
    expect(await (await get(`/${run}/payloads/${ref.blob}`)).text()).toBe('');
    const { blob } = await keep();
    const head = await get(`/${run}/payloads/${blob}`, { 'x-api-key': instance.keys.acme }, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '1000', '']);
  });

  test('is nothing to other tenants, in other runs, and without a key', async () => {
    const { blob } = await keep();
    expect((await get(`/${run}/payloads/${blob}`, { 'x-api-key': instance.keys.other })).status).toBe(404);
    expect((await get(`/${randomUUID()}/payloads/${blob}`)).status).toBe(404);
    expect((await get(`/${run}/payloads/blob_${'0'.repeat(32)}`)).status).toBe(404);
    expect((await get(`/${run}/payloads/..%2f..%2fetc`)).status).toBe(404);
    expect((await get(`/${run}/payloads/${blob}`, {})).status).toBe(401);
  });

  test('that no run has claimed yet is not downloaded', async () => {
    const store = openPayloadStore({ database: instance.api.database, place: 'database', limit: 1000 });
    const blobs = blobsFor(store, { tenant: instance.tenants.acme.id });
    const { blob } = await blobs.write(bytesOf(10), { name: 'a', mediaType: 'a/b' });
    expect((await get(`/${run}/payloads/${blob}`)).status).toBe(404);
  });

  test('whose content has gone is cut short, and the log says so', async () => {
    const { blob } = await keep({ place: `folder:${join(folder, 'gone')}`, size: 3_000_000 });
    await rm(join(folder, 'gone'), { recursive: true });
    await expect(get(`/${run}/payloads/${blob}`).then((answer) => answer.arrayBuffer())).rejects.toThrow(/./);
    expect(instance.logged.join('')).toContain('a download was cut short');
  });
});

describe('a name', () => {
  test.each([
    ['../../etc/passwd', `filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd`],
    ['a"b\r\nx-evil: 1', `filename="a_b__x-evil: 1"; filename*=UTF-8''a%22b__x-evil%3A%201`],
    ['Ordernr 7 (Malmö).pdf', `filename="Ordernr 7 (Malm_).pdf"; filename*=UTF-8''Ordernr%207%20%28Malm%C3%B6%29.pdf`],
    ['', `filename="file"; filename*=UTF-8''file`],
  ])('%j cannot leave its header or a folder', async (name, expected) => {
    const answer = await get(`/${run}/payloads/${(await keep({ name })).blob}`);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; ${expected}`);
    expect(answer.headers.get('x-evil')).toBeNull();
    await answer.arrayBuffer();
  });

  test.each(['text/html; charset=x\r\nx-evil: 1', 'nonsense', ''])('and a media type %j neither', async (mediaType) => {
    const answer = await get(`/${run}/payloads/${(await keep({ mediaType })).blob}`);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    await answer.arrayBuffer();
  });
});

async function* bytesOf(size: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < size; sent += 1000) yield Buffer.alloc(Math.min(1000, size - sent), sent % 251);
}

async function gathered(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
