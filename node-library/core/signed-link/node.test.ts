import { connectionTo, runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { authenticateSender } from '../webhook/authenticate.ts';
import signedLink from './node.ts';

const secret = 'correct horse battery staple';
const now = new Date('2026-11-21T10:00:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

async function link(address = 'https://orders.example.com/hooks/acme/orders/D-1', expiresAfter = 'PT2H') {
  const made = await runNode(
    signedLink,
    null,
    { address, expiresAfter },
    { connection: connectionTo({ current: secret }), now },
  );
  return new URL((made as unknown as { data: { url: string } }).data.url);
}

const admits = (
  { pathname, search }: URL,
  at = now,
  known: { current: string; previous?: string } = { current: secret },
) =>
  authenticateSender(
    { method: 'GET', url: pathname + search, headers: {}, body: Buffer.of() },
    { scheme: 'link' },
    known,
    at,
  );

test('R-O4 a link is admitted until it expires', async () => {
  const made = await link();
  expect(admits(made)).toEqual({ ok: true });
  expect(admits(made, hours(1.99))).toEqual({ ok: true });
  expect(admits(made, hours(2))).toMatchObject({ ok: false, reason: 'the link has expired' });
});

test('during a change of secrets the links of the previous one are still good', async () => {
  expect(admits(await link(), now, { current: 'the next secret', previous: secret })).toEqual({ ok: true });
  expect(admits(await link(), now, { current: 'the next secret' })).toMatchObject({ ok: false });
});

test.each<[string, (url: URL) => void]>([
  ['another path', (url) => (url.pathname = '/hooks/acme/orders/D-2')],
  ['another tenant', (url) => (url.pathname = '/hooks/other/orders/D-1')],
  ['a later expiry', (url) => url.searchParams.set('expires', '9999999999')],
  ['two expiries', (url) => url.searchParams.append('expires', '9999999999')],
  ['no signature', (url) => url.searchParams.delete('millrace-signature')],
  ['an empty signature', (url) => url.searchParams.set('millrace-signature', '')],
])('with %s it is refused', async (_what, change) => {
  const made = await link();
  change(made);
  expect(admits(made)).toMatchObject({ ok: false });
});

test('any path is admitted as it was signed, behind whatever host', async () => {
  const segment = fc.string({ minLength: 1 }).filter((text) => text !== '.' && text !== '..');
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { minLength: 1 }), async (segments) => {
      const made = await link(`https://a.example/${segments.map(encodeURIComponent).join('/')}`);
      made.host = 'b.example';
      expect(admits(made)).toEqual({ ok: true });
    }),
    { numRuns: 50 },
  );
});

test.each(['ftp://a.example/x', 'https://a.example/x?y=1', 'https://a.example/x#y', 'x'])(
  '%s is refused',
  async (address) => {
    const { connection } = { connection: connectionTo({ current: secret }) };
    expect(await runNode(signedLink, null, { address }, { connection })).toMatchObject({
      error: { code: 'ADDRESS_INVALID' },
    });
  },
);
