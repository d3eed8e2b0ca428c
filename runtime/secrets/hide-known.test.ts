import { type Json, MillraceError } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hidingOf } from './hide-known.ts';

const secret = 'p&ss/"w+rd ü\\9';
const hide = hidingOf({ password: secret });

describe('93 a secret is hidden', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['as it is', `login: ${secret}!`],
    ['in JSON', JSON.stringify({ login: secret })],
    ['in JSON as PHP writes it', JSON.stringify({ login: secret }).replaceAll('/', '\\/')],
    ['in JSON without other letters', '{"login":"p\\u0026ss/\\"w+rd \\u00FC\\\\9"}'],
    ['in HTML', 'p&amp;ss/&quot;w+rd ü\\9'],
    ['in HTML by numbers', 'p&#38;ss/&#34;w+rd &#xFC;\\9'],
    ['in an address', encodeURIComponent(secret)],
    ['in a form', `${new URLSearchParams({ secret })}`],
    ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
    ['in a Basic login', `Basic ${base64(`u:${secret}`)}`],
    ['in base64 for addresses', Buffer.from(`user:${secret}:`).toString('base64url')],
  ])('%s', (_case, text) => {
    const hidden = hide(text);
    expect(hidden).toContain('[hidden]');
    expect(hidden).not.toMatch(/ss.{1,6}w|rd.{1,6}9/);
  });

  test('in base64, whatever stands on both sides of it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const hidden = hide(base64(`${before}${secret}${after}`));
        expect(Buffer.from(hidden.replaceAll('[hidden]', ''), 'base64').toString()).not.toContain('rd ü');
      }),
    );
  });

  test('at any place of the data, in names too; what holds none is the very same data', () => {
    const clean = { rows: [1, 'x', null], when: new Date(0) };
    expect(hide({ [secret]: { list: [secret, 7] }, clean })).toEqual({ '[hidden]': { list: ['[hidden]', 7] }, clean });
    expect(hide(clean)).toBe(clean);
  });

  test('in an error with its details, problems and causes', () => {
    const cause = Object.assign(new Error(`login ${secret} failed`), { query: { secret: 'x', text: secret } });
    const problems = [{ code: 'X', pointer: '', message: secret }];
    const error = hide(new MillraceError('REFUSED', `“${secret}” is wrong.`, { details: { secret }, problems, cause }));
    expect(error).toBeInstanceOf(MillraceError);
    expect(error).toMatchObject({ code: 'REFUSED', message: '“[hidden]” is wrong.' });
    expect(error.options.cause).toMatchObject({ message: 'login [hidden] failed', query: { text: '[hidden]' } });
    expect(JSON.stringify([error, error.stack, (error.options.cause as Error).stack])).not.toContain('p&ss');
  });

  test('line by line, where it has several', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n';
    const hideKey = hidingOf({ privateKey: key });
    expect(hideKey('a MIIEvQIBADANBgkq, hkiG9w0BAQEFAASC')).toBe('a [hidden], [hidden]');
    expect(hideKey('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
  });
});

test('93 most of a secret is hidden however often it was escaped', () => {
  const hideKey = hidingOf({ key: 'abcDEF123456ghi&"/x' });
  const twice = encodeURIComponent(encodeURIComponent(JSON.stringify({ key: 'abcDEF123456ghi&"/x' })));
  for (const text of [twice, Buffer.from(twice).toString('base64')])
    expect(Buffer.from(hideKey(text), 'base64').toString() + hideKey(text)).not.toContain('DEF123456');
});

test('what is too short to be told from data stays in it', () => {
  expect(hidingOf({ pin: '12345' })('No. 12345')).toBe('No. 12345');
});

test('data without secrets comes back as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (data) => {
      fc.pre(!JSON.stringify(data).includes('w+rd'));
      expect(hide(data as Json)).toBe(data);
    }),
  );
});
