import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fileTypeOf } from './file-type.ts';
import { type Answer, setup } from './local-server.fixture.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const jpeg = Buffer.from('ffd8ffe000104a46494600010100', 'hex');
const sent =
  (type: string | undefined, body: Buffer): Answer =>
  (response) =>
    response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(body);

describe('an answer as a file', () => {
  test('R-C2 is kept as it is, with type, bytes and SHA-256', async () => {
    const { base, call } = await setup(sent('image/png', png));
    expect(await call({ url: `${base}/u/back%20side.png?v=2`, as: 'file', fileTypes: ['image/png'] })).toMatchObject({
      kind: 'emit',
      port: 'out',
      data: {
        status: 200,
        body: {
          blob: expect.stringMatching(/^blob_/),
          name: 'back side.png',
          mediaType: 'image/png',
          bytes: png.length,
          sha256: createHash('sha256').update(png).digest('hex'),
        },
      },
    });
  });

  test('may be of any kind where none is listed, and JSON is not read', async () => {
    const { call } = await setup(sent('application/json', Buffer.from('{')));
    expect(await call({ as: 'file' })).toMatchObject({ data: { body: { mediaType: 'application/json', bytes: 1 } } });
  });

  test('has the registered name of its type, however the server writes it', async () => {
    const { call } = await setup(sent('IMAGE/JPG; q=1', jpeg));
    expect(await call({ as: 'file', fileTypes: ['image/jpeg'] })).toMatchObject({
      data: { body: { mediaType: 'image/jpeg' } },
    });
  });

  test.each<[string, string | undefined, Buffer]>([
    ['whose bytes are of another kind than its header', 'image/png', jpeg],
    ['whose header is of another kind than its bytes', 'text/html', png],
    ['that does not say what it is', undefined, png],
    ['of a kind that is not wanted', 'image/gif', Buffer.from('GIF89a')],
    ['of no known kind', 'image/png', Buffer.from('<svg/>')],
  ])('R-C2 %s is refused', async (_what, type, body) => {
    const { call } = await setup(sent(type, body));
    expect(await call({ as: 'file', fileTypes: ['image/png', 'image/jpeg'] })).toMatchObject({
      kind: 'fail',
      error: { code: 'FILE_TYPE_REFUSED', category: 'validation' },
    });
  });

  test('that is empty is refused', async () => {
    const { call } = await setup(sent('image/png', Buffer.alloc(0)));
    expect(await call({ as: 'file' })).toMatchObject({ kind: 'fail', error: { code: 'FILE_EMPTY' } });
  });

  test('R-C2 that is larger than may be is refused, without being kept', async () => {
    const { call } = await setup(sent('image/png', Buffer.concat([png, Buffer.alloc(1024 * 1024)])));
    expect(await call({ as: 'file', maxMegabytes: 1 })).toMatchObject({
      kind: 'fail',
      error: { code: 'RESPONSE_TOO_LARGE' },
    });
  });
});

test.each([
  ['image/jpeg', jpeg],
  ['image/png', png],
  ['image/gif', Buffer.from('GIF87a')],
  ['image/webp', Buffer.from('RIFF\0\0\0\0WEBPVP8 ')],
  ['image/avif', Buffer.from('\0\0\0\x20ftypavif')],
  ['video/mp4', Buffer.from('\0\0\0\x20ftypisom')],
  ['application/pdf', Buffer.from('%PDF-1.7')],
  [undefined, Buffer.from('RIFF\0\0\0\0WAVE')],
  [undefined, Buffer.from([0xff, 0xd8])],
  [undefined, Buffer.alloc(0)],
])('first bytes tell %s', (type, bytes) => {
  expect(fileTypeOf(bytes)).toBe(type);
});
