import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InboundRequest } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authenticateSender } from './authenticate.ts';
import type { Signature } from './config.ts';
import { type HmacScheme, hmacHeaders } from './hmac.ts';
import { standardWebhookHeaders } from './standard-webhooks.ts';

const secret = 'correct horse battery staple';
const now = new Date('2026-03-02T09:30:00Z');
const seconds = String(now.getTime() / 1000);
const body = Buffer.from('{"event_id": "evt-1"}');
const whsec = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const otherWhsec = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

function request(headers: Record<string, string | string[]>, sent: Uint8Array = body): InboundRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method: 'POST', url: '/hooks/acme/x', headers: Object.fromEntries(lower), body: sent };
}

const hmac: HmacScheme = { scheme: 'hmac', header: 'X-ERP-Signature' };
const timed: HmacScheme = { ...hmac, timestamp: { header: 'X-ERP-Timestamp' } };
const standard: Signature = { scheme: 'standard-webhooks' };

const check = (sent: InboundRequest, signature: Signature, known: { current: string; previous?: string }) =>
  authenticateSender(sent, signature, known, now);

describe('a body signed by HMAC', () => {
  const sent = hmacHeaders(hmac, secret, body, '');

  test('R-C1 is accepted with the right secret, the present or the previous one', () => {
    expect(check(request(sent), hmac, { current: secret })).toEqual({ ok: true });
    expect(check(request(sent), hmac, { current: 'the next secret', previous: secret })).toEqual({ ok: true });
  });

  test('any algorithm, encoding, prefix and way to sign the time comes back as it was signed', () => {
    const schemes = fc.record({
      scheme: fc.constant('hmac' as const),
      header: fc.constant('X-Sig'),
      algorithm: fc.constantFrom('sha1' as const, 'sha256' as const, 'sha512' as const),
      encoding: fc.constantFrom('hex' as const, 'base64' as const),
      prefix: fc.constantFrom('', 'sha256=', 'v0='),
      timestamp: fc.record({
        header: fc.constant('X-Time'),
        signed: fc.constantFrom('{timestamp}.{body}', 'v0:{body}:{timestamp}'),
      }),
    });
    fc.assert(
      fc.property(schemes, fc.uint8Array(), fc.nat(), (scheme, body, flip) => {
        const headers = hmacHeaders(scheme, secret, body, seconds);
        expect(check(request(headers, body), scheme, { current: secret })).toEqual({ ok: true });
        const changed = Buffer.from([...body, 0]);
        changed[flip % changed.length] = (changed[flip % changed.length] as number) ^ 1;
        expect(check(request(headers, changed), scheme, { current: secret })).toMatchObject({ ok: false });
      }),
    );
  });

  test.each([
    ['39 unsigned', {}],
    ['40 signed wrongly', { 'X-ERP-Signature': 'a'.repeat(64) }],
    ['41 signed with the secret of another tenant', hmacHeaders(hmac, 'another tenant’s', body, '')],
    [
      '45 signed with a signature of another length',
      { 'X-ERP-Signature': sent['X-ERP-Signature']?.slice(0, 20) as string },
    ],
    ['45 signed with nothing', { 'X-ERP-Signature': '' }],
    ['45 signed with more', { 'X-ERP-Signature': `${sent['X-ERP-Signature']}00` }],
    ['signed twice', { 'X-ERP-Signature': [sent['X-ERP-Signature'] as string, 'x'] }],
  ])('%s is refused', (_case, headers) => {
    expect(check(request(headers), hmac, { current: secret })).toMatchObject({ ok: false });
  });

  test('46 re-serialised is refused: the bytes count, not the data', () => {
    const again = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(check(request(sent, again), hmac, { current: secret })).toMatchObject({ ok: false });
  });

  test('without the prefix that it must have is refused', () => {
    const prefixed: Signature = { ...hmac, prefix: 'sha256=' };
    expect(check(request(sent), prefixed, { current: secret })).toMatchObject({ ok: false });
  });

  test('is refused where the trigger has no connection', () => {
    expect(authenticateSender(request(sent), hmac, undefined, now)).toMatchObject({ ok: false });
  });
});

describe('44 a timestamp', () => {
  test.each([
    [0, true],
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
  ])('%i seconds from now: accepted is %s', (offset, ok) => {
    const headers = hmacHeaders(timed, secret, body, String(Number(seconds) + offset));
    expect(check(request(headers), timed, { current: secret })).toMatchObject({ ok });
  });

  test('has the tolerance that is set', () => {
    const headers = hmacHeaders(timed, secret, body, String(Number(seconds) - 20));
    expect(check(request(headers), { ...timed, tolerance: 10 }, { current: secret })).toMatchObject({ ok: false });
  });

  test.each(['', 'now', '1e9', '-1', `${seconds}.5`, ` ${seconds}`])('“%s” is none', (timestamp) => {
    const headers = hmacHeaders(timed, secret, body, timestamp);
    expect(check(request(headers), timed, { current: secret })).toMatchObject({ ok: false });
  });

  test('that was changed on the way is refused: it is signed too', () => {
    const headers = { ...hmacHeaders(timed, secret, body, '1'), 'X-ERP-Timestamp': seconds };
    expect(check(request(headers), timed, { current: secret })).toMatchObject({ ok: false });
  });
});

describe('Standard Webhooks', () => {
  const message = { id: 'msg_1', timestamp: seconds, body };
  const headers = standardWebhookHeaders([whsec], message);

  test('42 give the id that they sign as event id', () => {
    expect(check(request(headers), standard, { current: whsec })).toEqual({ ok: true, eventId: 'msg_1' });
  });

  test('47 two signatures during rotation: either side may be ahead', () => {
    const both = standardWebhookHeaders([otherWhsec, whsec], message);
    expect(both['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(check(request(both), standard, { current: whsec })).toMatchObject({ ok: true });
    expect(check(request(headers), standard, { current: otherWhsec, previous: whsec })).toMatchObject({ ok: true });
  });

  test.each<[string, Record<string, string>]>([
    ['another id', { 'webhook-id': 'msg_2' }],
    ['no id', { 'webhook-id': '' }],
    [
      'another version of signature',
      { 'webhook-signature': (headers['webhook-signature'] as string).replace('v1,', 'v1a,') },
    ],
    ['an empty signature', { 'webhook-signature': 'v1,' }],
    [
      'the right one behind too many wrong ones',
      { 'webhook-signature': `${'v1,AAAA '.repeat(8)}${headers['webhook-signature']}` },
    ],
    ['another time', { 'webhook-timestamp': String(Number(seconds) + 1) }],
    ['an old time', standardWebhookHeaders([whsec], { ...message, timestamp: '1614265330' })],
  ])('with %s are refused', (_case, changes) => {
    expect(check(request({ ...headers, ...changes }), standard, { current: whsec })).toMatchObject({ ok: false });
  });

  test('a secret that is none of theirs signs nothing, not even the empty signature', () => {
    const empty = { ...headers, 'webhook-signature': 'v1,' };
    expect(check(request(empty), standard, { current: 'not base64 at all' })).toMatchObject({ ok: false });
    expect(() => standardWebhookHeaders(['not base64 at all'], message)).toThrow(
      expect.objectContaining({ code: 'SECRET_UNUSABLE' }),
    );
  });
});

describe('credentials', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  test.each<[Signature, Record<string, string>, Record<string, string>]>([
    [{ scheme: 'bearer' }, { authorization: `Bearer ${secret}` }, { authorization: `Bearer ${secret}x` }],
    [{ scheme: 'bearer' }, { authorization: `bearer ${secret}` }, { authorization: secret }],
    [{ scheme: 'header', header: 'X-Api-Key' }, { 'x-api-key': secret }, { 'x-api-key': '' }],
    [
      { scheme: 'basic', username: 'erp' },
      { authorization: basic(`erp:${secret}`) },
      { authorization: basic(`erq:${secret}`) },
    ],
  ])('%j: right, wrong and missing', (signature, right, wrong) => {
    expect(check(request(right), signature, { current: 'the next secret', previous: secret })).toEqual({ ok: true });
    for (const headers of [wrong, {}])
      expect(check(request(headers), signature, { current: secret })).toMatchObject({ ok: false });
  });

  test('no reason of a refusal repeats a secret or what was sent', () => {
    for (const signature of [hmac, timed, standard, { scheme: 'bearer' }] as const) {
      const refusal = check(request({ authorization: 'canary', 'X-ERP-Signature': 'canary' }), signature, {
        current: secret,
      });
      expect(JSON.stringify(refusal)).not.toMatch(/canary|horse/);
    }
  });

  test('none are needed where everybody may send', () => {
    expect(authenticateSender(request({}), { scheme: 'none' }, undefined, now)).toEqual({ ok: true });
  });
});

interface Vector {
  readonly scheme: string;
  readonly secret?: string;
  readonly key_utf8?: string;
  readonly id?: string;
  readonly timestamp?: number;
  readonly body?: string;
  readonly body_file?: string;
  readonly signature?: string;
  readonly hex?: string;
  readonly header?: string;
}

const folderOfVectors = join(import.meta.dirname, '../../../../shared/conformance/webhooks');
const hasVectors = existsSync(join(folderOfVectors, 'vectors.json'));

describe.skipIf(!hasVectors)(
  `published signatures${hasVectors ? '' : ' (skipped: the folder with them is absent)'}`,
  () => {
    const vectors = hasVectors
      ? (JSON.parse(readFileSync(join(folderOfVectors, 'vectors.json'), 'utf8')) as Vector[])
      : [];

    test.each(vectors)('$scheme', (vector) => {
      const { body_file: bodyFile } = vector;
      const body = bodyFile ? readFileSync(join(folderOfVectors, bodyFile)) : Buffer.from(vector.body as string);
      if (vector.scheme === 'standard-webhooks') {
        const message = { id: vector.id as string, timestamp: String(vector.timestamp), body };
        const headers = { ...standardWebhookHeaders([vector.secret as string], message) };
        expect(headers['webhook-signature']).toBe(vector.signature);
        const then = new Date((vector.timestamp as number) * 1000);
        const known = { current: vector.secret as string };
        expect(authenticateSender(request(headers, body), standard, known, then)).toEqual({
          ok: true,
          eventId: vector.id,
        });
        return;
      }
      const prefix = vector.header ? 'sha256=' : '';
      const given = (vector.hex ?? vector.header ?? vector.signature) as string;
      const scheme: Signature = { ...hmac, prefix, encoding: vector.signature ? 'base64' : 'hex' };
      const known = { current: vector.key_utf8 as string };
      expect(check(request({ 'X-ERP-Signature': given }, body), scheme, known)).toEqual({ ok: true });
    });
  },
);
