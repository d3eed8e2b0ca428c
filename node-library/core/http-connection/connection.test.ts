import { MillraceError } from '@millrace/contract';
import { connectionTo, openNetwork } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOfNobody, json, setup } from '../http-request/local-server.fixture.ts';
import { addressBelow, baseOf } from './base.ts';
import { HttpConnection } from './config.ts';
import http from './connection.ts';

const bound = (config: HttpConnection) => ({ connection: connectionTo(config) });
const probe = (config: HttpConnection) => http.probe(config, new AbortController().signal, openNetwork);

describe('R-C8 the base address', () => {
  test.each([
    'https://erp.example.com',
    'https://erp.example.com:8443/api/',
    'http://127.0.0.1:8080',
    'http://localhost',
    'http://[::1]/x',
  ])('%s is taken', async (baseUrl) => {
    expect(schemaProblems(HttpConnection, http.fromText(baseUrl))).toEqual([]);
    expect(baseOf(baseUrl).pathname).toMatch(/\/$/);
  });

  test.each([
    ['http://erp.example.com', 'must begin with https://'],
    ['http://127.0.0.1.example.com', 'must begin with https://'],
    ['http://10.0.0.1', 'must begin with https://'],
    ['https://canary:canary@erp.example.com', 'holds a user name or password'],
  ])('%s is refused', async (baseUrl, why) => {
    const { ok, message } = await probe({ baseUrl, auth: 'none' });
    expect(ok).toBe(false);
    expect(message).toContain(why);
    expect(message).not.toContain('canary');
  });
});

describe('testing a system', () => {
  test.each<[number, boolean, string]>([
    [200, true, 'answered 200'],
    [404, true, 'nothing at the base address'],
    [401, false, 'refuses the login'],
    [503, false, 'in trouble'],
  ])('that answers %i', async (status, ok, words) => {
    const { base, received } = await setup(json(status, '{}'));
    const result = await probe({ baseUrl: `${base}/api`, auth: 'bearer', token: 'canary-4' });
    expect(result).toMatchObject({ ok, message: expect.stringContaining(words) });
    expect(received).toMatchObject([{ method: 'GET', url: '/api/', headers: { authorization: 'Bearer canary-4' } }]);
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test('that is not there', async () => {
    expect(await probe({ baseUrl: await addressOfNobody(), auth: 'none' })).toMatchObject({
      ok: false,
      message: expect.stringMatching(/refuses the connection; check the port, and that the system is running\.$/),
    });
  });

  test('that the instance does not call', async () => {
    const refuse = () => Promise.reject(new MillraceError('ADDRESS_REFUSED', 'Not from here.'));
    const result = await http.probe({ baseUrl: 'https://10.0.0.1', auth: 'none' }, new AbortController().signal, {
      ...openNetwork,
      fetch: refuse,
    });
    expect(result).toMatchObject({ ok: false, message: 'Not from here.' });
  });
});

describe('an address below the base', () => {
  const base = baseOf('https://erp.example.com/api/v2');

  test.each([
    ['orders/1', 'https://erp.example.com/api/v2/orders/1'],
    ['/orders/1?x=1', 'https://erp.example.com/api/v2/orders/1?x=1'],
    ['https://erp.example.com/api/v2/orders', 'https://erp.example.com/api/v2/orders'],
    ['', 'https://erp.example.com/api/v2/'],
  ])('“%s” is %s', (address, href) => {
    expect(addressBelow(base, address).href).toBe(href);
  });

  test.each([
    '//evil.example.com/x',
    'https://evil.example.com/api/v2/x',
    'http://erp.example.com/api/v2/x',
    'https://erp.example.com:444/api/v2/x',
    '../v1/x',
    'orders/%2e%2e/%2e%2e/admin',
    '\\\\evil.example.com\\x',
    'file:///etc/passwd',
    'https://a@erp.example.com/api/v2/x',
    'https://erp.example.com/api/v22/x',
  ])('%s is none', (address) => {
    expect(() => addressBelow(base, address)).toThrow(expect.objectContaining({ code: 'URL_INVALID' }));
  });

  test('whatever is asked for, what is called lies below', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', '\\', '%2e', 'a', ':', '@', '?', '#') }), (address) => {
        try {
          const { origin, pathname } = addressBelow(base, address);
          expect(origin).toBe('https://erp.example.com');
          expect(`${pathname}/`.startsWith('/api/v2/')).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'URL_INVALID' });
        }
      }),
    );
  });
});

describe('a request with a connection', () => {
  const login = { username: 'erp', password: 'pass:word' };

  test.each<[string, (baseUrl: string) => HttpConnection, Record<string, string>]>([
    ['basic', (baseUrl) => ({ baseUrl, auth: 'basic', ...login }), { authorization: `Basic ${btoa('erp:pass:word')}` }],
    ['bearer', (baseUrl) => ({ baseUrl, auth: 'bearer', token: 'tok' }), { authorization: 'Bearer tok' }],
    ['header', (baseUrl) => ({ baseUrl, auth: 'header', name: 'X-Key', key: 'k' }), { 'x-key': 'k' }],
  ])('logs in by %s', async (_auth, connection, headers) => {
    const { base, call, received } = await setup(json(200, '{}'));
    expect(await call({ url: 'orders/1' }, bound(connection(`${base}/api`)))).toMatchObject({ kind: 'emit' });
    expect(received).toMatchObject([{ url: '/api/orders/1', headers }]);
  });

  test('logs in by a key in the query, which no error repeats', async () => {
    const { base, call, received } = await setup(json(401, '{}'));
    const connection: HttpConnection = { baseUrl: base, auth: 'query', name: 'api_key', key: 'canary-1' };
    const result = await call({ url: 'orders', query: { page: 2 } }, bound(connection));
    expect(received[0]?.url).toBe('/orders?page=2&api_key=canary-1');
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test('sends its headers too; those of the node go before them, and the login before all', async () => {
    const { base, call, received } = await setup(json(200, '{}'));
    const headers = { Accept: 'application/xml', 'X-Source': 'millrace' };
    const connection: HttpConnection = { baseUrl: base, headers, auth: 'bearer', token: 'tok' };
    await call({ url: '', headers: { Accept: 'text/csv', Authorization: 'Bearer other' } }, bound(connection));
    expect(received[0]?.headers).toMatchObject({
      accept: 'text/csv',
      'x-source': 'millrace',
      authorization: 'Bearer tok',
    });
  });

  test('75 takes its login to no other system', async () => {
    const { base, call } = await setup(json(200, '{}'));
    const elsewhere = await setup(json(200, '{}'));
    const connection: HttpConnection = { baseUrl: base, auth: 'bearer', token: 'canary-2' };
    const result = await call({ url: `${elsewhere.base}/steal` }, bound(connection));
    expect(result).toMatchObject({ error: { code: 'URL_INVALID' } });
    const redirecting = await setup((response) =>
      response.writeHead(302, { location: `${elsewhere.base}/steal` }).end(),
    );
    const followed = await redirecting.call({ url: '' }, bound({ ...connection, baseUrl: redirecting.base }));
    expect(followed).toMatchObject({ error: { code: 'HTTP_302' } });
    expect(elsewhere.received).toEqual([]);
  });

  test('takes it nowhere else where it may call addresses elsewhere, and along to its own', async () => {
    const { base, call, received } = await setup(json(200, '{}'));
    const files = await setup(json(200, '{}'));
    const connection: HttpConnection = { baseUrl: base, headers: { 'X-Source': 'm' }, auth: 'bearer', token: 'canary' };
    for (const url of [`${files.base}/snapshot.csv`, `${base}/snapshot.csv`, 'snapshot.csv'])
      expect(await call({ url, elsewhere: true }, bound(connection))).toMatchObject({ kind: 'emit' });
    expect(JSON.stringify(files.received[0]?.headers)).not.toMatch(/canary|x-source/);
    expect(received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/snapshot.csv', 'Bearer canary'],
      ['/snapshot.csv', 'Bearer canary'],
    ]);
  });

  test('with a token that HTTP cannot carry fails without telling it', async () => {
    const { base, call } = await setup(json(200, '{}'));
    const result = await call({ url: '' }, bound({ baseUrl: base, auth: 'bearer', token: 'canary\n3' }));
    expect(result).toMatchObject({ error: { code: 'HEADER_INVALID' } });
    expect(JSON.stringify(result)).not.toContain('canary');
  });
});
