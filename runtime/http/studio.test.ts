import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-studio-'));
  instance = await startInstance({ studioFolder: folder });
});
afterAll(async () => {
  await instance?.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => fetch(`${instance.url}${path}`);

test('a studio that was not built says how to build it', async () => {
  const response = await get('/');
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('npm run build');
});

describe('a built studio', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<title>Millrace</title>');
    await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'start()');
  });

  test.each(['/', '/flows/orders', '/runs?flow=orders', '/welcome', '/reset-password'])(
    'shows its page at %s',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('<title>Millrace</title>');
    },
  );

  test('lets browsers keep what carries a hash in its name', async () => {
    const response = await get('/assets/app-1a2b.js');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  test.each(['/assets/gone.js', '/favicon.ico', '/api/v2/flows', '/hooks', '/.env', '/assets/../../package.json'])(
    'has no page for %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

test.each(['/', '/api/v1/health', '/api/v1/docs', '/hooks/nobody/x'])(
  '%s runs and shows nothing foreign',
  async (path) => {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  },
);

test('the reference of the API comes from our own disk alone', async () => {
  const page = await (await get('/api/v1/docs')).text();
  const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source as string);
  expect(sources.length).toBeGreaterThan(2);
  for (const source of sources) {
    expect(source).not.toMatch(/^(https?:)?\/\//);
    expect((await get(new URL(source, 'http://x/api/v1/docs').pathname)).status, source).toBe(200);
  }
});

test('what goes wrong inside is only logged, under the id that the answer names', async () => {
  const { database } = instance.api;
  const asTenants = () => Promise.reject(new Error('canary 4711'));
  Object.assign(database, { reading: () => ({ ...database, asTenants }) });
  const answer = await instance.call('GET', '/runs');
  expect(answer).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL', requestId: expect.any(String) } } });
  expect(JSON.stringify(answer.body)).not.toContain('canary');
  const line = instance.logged.find((each) => each.includes(answer.body.error.requestId));
  expect(line).toContain('canary 4711');
  expect(instance.logged.join('')).not.toContain(instance.keys.acme);
});
