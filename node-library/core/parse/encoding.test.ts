import { runNode } from '@millrace/testing/run-node';
import { describe, expect, test } from 'vitest';
import parse from './node.ts';
import { choppingBlobs, type Format, fileOf, refused } from './parse.fixture.ts';

describe('the characters of a file', () => {
  async function parsed(bytes: Uint8Array, config: Format) {
    const blobs = choppingBlobs();
    const result = await runNode(parse, null, { from: await fileOf(bytes, blobs), ...config }, { blobs });
    return result.kind === 'emit' ? result.data : result;
  }
  const utf16 = (text: string, bigEndian: boolean) => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };

  test.each<[string, Uint8Array, Format]>([
    ['UTF-8', Buffer.from('city\nMalmö 😀\n'), { csv: {} }],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffcity\nMalmö 😀\n'), { csv: {} }],
    ['UTF-16 that says so', utf16('city\nMalmö 😀\n', false), { csv: {} }],
    ['UTF-16 the other way round', utf16('city\nMalmö 😀\n', true), { csv: {}, encoding: 'utf-16' }],
    ['UTF-16 without a mark', Buffer.from('city\nMalmö 😀\n', 'utf16le'), { csv: {}, encoding: 'utf-16' }],
  ])('%s', async (_, bytes, config) => expect(await parsed(bytes, config)).toEqual([{ city: 'Malmö 😀' }]));

  test.each(['utf8', 'utf16le'] as const)(
    'characters that are cut apart between two reads of a %s file',
    async (kind) => {
      const city = 'Malmö € 😀 '.repeat(200);
      const config: Format = { csv: {}, encoding: kind === 'utf8' ? 'utf-8' : 'utf-16' };
      expect(await parsed(Buffer.from(`city\n${city}\n`, kind), config)).toEqual([{ city }]);
    },
  );

  test('latin1 has 256 characters, and no others in their places', async () => {
    const bytes = Buffer.from([0x61, 0x0a, 0xe5, 0x80, 0x9f, 0x0a]);
    expect(await parsed(bytes, { csv: {}, encoding: 'latin1' })).toEqual([{ a: 'å\u0080\u009f' }]);
  });

  test('XML says its encoding itself', async () => {
    const document = '<?xml version="1.0" encoding="ISO-8859-1"?><city>Malmö</city>';
    expect(await parsed(Buffer.from(document, 'latin1'), { xml: {} })).toEqual({ city: 'Malmö' });
    expect(await parsed(utf16('<city>Malmö</city>', true), { xml: {} })).toEqual({ city: 'Malmö' });
  });

  test.each<[string, Uint8Array, Format, string]>([
    ['broken UTF-8 (attack 26)', Buffer.from([0x61, 0x0a, 0xc3, 0x28]), { csv: {} }, 'TEXT_NOT_DECODABLE'],
    ['UTF-8 that is cut off', Buffer.from([0x61, 0x0a, 0xc3]), { csv: {} }, 'TEXT_NOT_DECODABLE'],
    ['half a UTF-16 pair', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00]), { csv: {} }, 'TEXT_NOT_DECODABLE'],
    ['latin1 as UTF-8', Buffer.from('<a>\u00e5</a>', 'latin1'), { xml: {} }, 'TEXT_NOT_DECODABLE'],
    ['a NUL (attack 37)', Buffer.from('a\n\u0000\n'), { csv: {} }, 'TEXT_NOT_STORABLE'],
    ['UTF-16 as UTF-8', Buffer.from('a\n1\n', 'utf16le'), { csv: {} }, 'TEXT_NOT_STORABLE'],
    [
      'an encoding that nobody knows',
      Buffer.from('<?xml version="1.0" encoding="no-such"?><a/>'),
      { xml: {} },
      'TEXT_NOT_DECODABLE',
    ],
  ])('%s is refused', async (_, bytes, config, code) => {
    expect(await parsed(bytes, config)).toMatchObject(refused(code));
  });
});
