import type { lookup } from 'node:dns';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardedFetch, guardedNetwork, type PrivateAddresses } from './guarded-fetch.ts';

const refused = expect.objectContaining({ code: 'ADDRESS_REFUSED' });

/** A server on this machine until the test ends. */
async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A name service that gives these answers, one after the other, whatever it is asked. */
function nameService(...answers: (readonly string[])[]): typeof lookup {
  const give = (_name: string, _options: object, callback: (error: null, found: object[]) => void) => {
    const addresses = answers.length > 1 ? answers.shift() : answers[0];
    callback(
      null,
      (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return give as typeof lookup;
}

describe('no flow calls', () => {
  test.each([
    ['69 the cloud’s metadata', 'http://169.254.169.254/latest/meta-data'],
    ['70 this machine, in short', 'http://127.1/'],
    ['70 this machine, as no address', 'http://0.0.0.0/'],
    ['70 this machine, as a decimal', 'http://2130706433/'],
    ['70 this machine, in octal', 'http://0177.0.0.1/'],
    ['70 this machine, in hex', 'http://0x7f.1/'],
    ['70 this machine, with a dot behind it', 'http://127.0.0.1./'],
    ['71 the metadata, as IPv6', 'http://[::ffff:169.254.169.254]/'],
    ['71 the metadata, as IPv6 in hex', 'http://[::ffff:a9fe:a9fe]/'],
    ['71 this machine, as IPv6', 'http://[::1]/'],
    ['72 a private network of IPv6', 'http://[fc00::1]/'],
    ['72 a link of IPv6', 'http://[fe80::1]/'],
    ['72 the metadata, through NAT64', 'http://[64:ff9b::a9fe:a9fe]/'],
    ['72 the metadata, through 6to4', 'http://[2002:a9fe:a9fe::]/'],
    ['a private network', 'http://10.0.0.1/'],
    ['a shared network', 'http://100.64.0.1/'],
    ['everybody', 'http://255.255.255.255/'],
    ['77 a file', 'file:///etc/passwd'],
    ['77 gopher', 'gopher://example.com/'],
    ['data', 'data:text/plain,x'],
  ])('%s: %s', async (_case, url) => {
    await expect(guardedFetch('none')(url)).rejects.toEqual(refused);
  });

  test.each(['http://10.0.0.1/', 'http://[::ffff:10.0.0.1]/', 'http://169.254.169.254/', 'http://0.0.0.0/'])(
    '%s either, where only this machine is allowed',
    async (url) => {
      await expect(guardedFetch('loopback')(url)).rejects.toEqual(refused);
    },
  );
});

describe('73 a name', () => {
  test('R-C8 that leads to this machine is refused', async () => {
    await expect(guardedFetch('none')('http://localhost/')).rejects.toEqual(refused);
  });

  test.each([
    [['169.254.169.254']],
    [['::ffff:169.254.169.254']],
    [['93.184.215.14', '10.0.0.1']],
    [['64:ff9b::a00:1']],
  ])('that leads to %j is refused, also where one of several addresses would do', async (addresses) => {
    const fetch = guardedFetch('loopback', nameService(addresses));
    await expect(fetch('http://erp.example.com/')).rejects.toEqual(refused);
  });

  test('that leads elsewhere the second time is refused then: the address that is connected to is checked', async () => {
    const port = await serve((_request, response) => response.setHeader('connection', 'close').end('here'));
    const fetch = guardedFetch('loopback', nameService(['127.0.0.1'], ['10.0.0.1']));
    expect(await (await fetch(`http://erp.example.com:${port}/`)).text()).toBe('here');
    await expect(fetch(`http://erp.example.com:${port}/`)).rejects.toEqual(refused);
  });
});

test.each(['http://169.254.169.254/', 'http://127.0.0.1:1/', 'file:///etc/passwd'])(
  '74 a redirect to %s is not followed, also where the caller asks for it',
  async (location) => {
    const port = await serve((_request, response) => response.writeHead(302, { location }).end());
    const answer = await guardedFetch('loopback')(`http://127.0.0.1:${port}/`, { redirect: 'follow' });
    expect(answer.status).toBe(302);
  },
);

test('75 no login goes to another system by a redirect', async () => {
  const seen: unknown[] = [];
  const other = await serve((request, response) => response.end(seen.push(request.headers.authorization)));
  const port = await serve((_request, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end(),
  );
  await guardedFetch('loopback')(`http://127.0.0.1:${port}/`, { headers: { authorization: 'Bearer canary' } });
  expect(seen).toEqual([]);
});

test.each<PrivateAddresses>(['loopback', 'all'])('R-C8 this machine is called where %s is allowed', async (allowed) => {
  const port = await serve((_request, response) => response.end('here'));
  const answer = await guardedFetch(allowed)(`http://127.0.0.1:${port}/`);
  expect(await answer.text()).toBe('here');
});

describe('76 a host that is connected to otherwise than by fetch', () => {
  test.each(['localhost', '127.0.0.1', '127.1', '0', '::1', '::ffff:127.0.0.1'])('%s is refused', async (host) => {
    await expect(guardedNetwork('none').resolve(host)).rejects.toEqual(refused);
  });

  test('is answered as the address that was looked at, which is what is to be connected to', async () => {
    expect(await guardedNetwork('loopback').resolve('localhost')).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  test.each(['no-such-host.invalid', '/var/run/postgresql'])('%s is none', async (host) => {
    await expect(guardedNetwork('all').resolve(host)).rejects.toMatchObject({ code: 'HOST_UNKNOWN' });
  });
});
