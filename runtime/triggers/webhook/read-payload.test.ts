import type { BlobRef, Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BodyKind, readPayload } from './read-payload.ts';

const all: readonly BodyKind[] = ['json', 'text', 'xml', 'form', 'multipart', 'binary'];
const read = (contentType: string, body: string | Uint8Array, accepts = all, blobs = memoryBlobs()) =>
  readPayload({ contentType, bytes: Buffer.from(body) }, accepts, { tenant: 'acme', blobs });

/** A form as a browser sends it. */
async function multipart(form: FormData) {
  const request = new Request('http://127.0.0.1/', { method: 'POST', body: form });
  return [request.headers.get('content-type') as string, await request.bytes()] as const;
}

describe('a body arrives', () => {
  test.each<[string, string | Uint8Array, Json]>([
    ['application/json', '{"a":1}', { a: 1 }],
    ['application/vnd.erp+json; charset=utf-8', '[1]', [1]],
    ['text/plain', 'Malmö', 'Malmö'],
    ['text/csv; charset=ISO-8859-1', Buffer.from('Malmö', 'latin1'), 'Malmö'],
    ['application/xml', '<a>ö</a>', '<a>ö</a>'],
    [
      'text/xml',
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ö</a>', 'latin1'),
      expect.stringContaining('<a>ö</a>'),
    ],
    [
      'application/x-www-form-urlencoded',
      'id=D-1&note=two+words&tag=a&tag=b',
      { id: 'D-1', note: 'two words', tag: ['a', 'b'] },
    ],
  ])('as %s', async (contentType, body, payload) => {
    expect(await read(contentType, body)).toEqual(payload);
  });

  test('of any other type as a file', async () => {
    const blobs = memoryBlobs();
    const ref = (await read('application/pdf', '%PDF', all, blobs)) as unknown as BlobRef;
    expect(ref).toMatchObject({ blob: expect.any(String), name: 'body', mediaType: 'application/pdf', bytes: 4 });
    expect(Buffer.concat(await Array.fromAsync(blobs.read(ref))).toString()).toBe('%PDF');
  });
});

describe('a form with files', () => {
  test('arrives as its fields, with files by reference', async () => {
    const form = new FormData();
    form.append('order', 'D-1');
    form.append('scan', new File(['one'], 'scan.png', { type: 'image/png' }));
    expect(await read(...(await multipart(form)))).toEqual({
      order: 'D-1',
      scan: expect.objectContaining({ name: 'scan.png', mediaType: 'image/png', bytes: 3 }),
    });
  });

  test.each(['../../etc/passwd', '..\\..\\passwd', '/etc/passwd', 'C:\\x\\passwd'])(
    '48 keeps no place that the sender names: %s',
    async (name) => {
      const form = new FormData();
      form.append('file', new File(['x'], name));
      form.append('files[0][filepath]', '/etc/passwd');
      expect(await read(...(await multipart(form)))).toMatchObject({
        file: { name: 'passwd', bytes: 1 },
        'files[0][filepath]': '/etc/passwd',
      });
    },
  );

  test('of any fields arrives as it was sent', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ö', '"', ';', '=', '&', '%', ' ', '-') });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), async (fields) => {
        const form = new FormData();
        for (const [name, value] of fields) form.append(name, value);
        if (fields.length === 0) return;
        expect(await read(...(await multipart(form)))).toEqual(Object.fromEntries(fields));
        const encoded = new URLSearchParams(fields).toString();
        expect(await read('application/x-www-form-urlencoded', encoded)).toEqual(Object.fromEntries(fields));
      }),
    );
  });
});

describe('a body is refused', () => {
  test.each<[string, string, string | Uint8Array, readonly BodyKind[], string]>([
    ['of a type that is not accepted', 'text/xml', '<a/>', ['json'], 'UNSUPPORTED_MEDIA_TYPE'],
    ['of no type', '', '{}', ['json'], 'UNSUPPORTED_MEDIA_TYPE'],
    ['that is no JSON', 'application/json', '{', all, 'BAD_JSON'],
    ['that is JSON in another charset', 'application/json', Buffer.from('"ö"', 'latin1'), all, 'BAD_JSON'],
    ['that is no text', 'text/plain', Buffer.from([0xff, 0xfe, 0xff]), all, 'BAD_TEXT'],
    ['of an unknown charset', 'text/plain; charset=klingon', 'a', all, 'BAD_TEXT'],
    ['with a NUL', 'text/plain', 'a\0b', all, 'TEXT_NOT_STORABLE'],
    ['with an encoded NUL in a form', 'application/x-www-form-urlencoded', 'a=%00', all, 'TEXT_NOT_STORABLE'],
    ['that is no form', 'multipart/form-data; boundary=x', 'nothing', all, 'BAD_FORM'],
    ['without a boundary', 'multipart/form-data', 'nothing', all, 'BAD_FORM'],
    ['with too many fields', 'application/x-www-form-urlencoded', 'a=1&'.repeat(1001), all, 'BAD_FORM'],
  ])('%s', async (_case, contentType, body, accepts, code) => {
    await expect(read(contentType, body, accepts)).rejects.toMatchObject({ code });
  });

  test('with what is accepted instead', async () => {
    await expect(read('text/xml', '<a/>', ['json', 'form'])).rejects.toThrow(
      'one of these types: application/json, application/x-www-form-urlencoded.',
    );
  });

  test('with more parts than a form may have, before it is taken apart; with as many it is taken', async () => {
    const part = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n';
    const form = (count: number, end = '--b--\r\n') =>
      read('multipart/form-data; boundary="b"', `${part.repeat(count)}${end}`);
    expect(await form(1000)).toMatchObject({ a: expect.arrayContaining(['x']) });
    // What is not ended properly cannot be taken apart.
    for (const end of [undefined, '--b cut off'])
      await expect(form(1002, end)).rejects.toThrow('A form may have at most 1000 fields.');
    await expect(form(1000, '--b cut off')).rejects.toThrow('no proper multipart');
  });
});
