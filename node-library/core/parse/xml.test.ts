import type { Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { describe, expect, test } from 'vitest';
import parse from './node.ts';
import { out, parseBoth, refused } from './parse.fixture.ts';

describe('XML', () => {
  test('a mistake is named with its line and column', async () => {
    expect(await parseBoth('<a>\n <b></a>', { xml: {} })).toMatchObject(
      refused('XML_INVALID', expect.objectContaining({ line: 2, column: expect.any(Number) })),
    );
  });

  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

  test.each([
    ['18, by file', '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>'],
    ['19', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['20', `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]><a>&l9;</a>`],
    ['23', '<!DOCTYPE a [<!ENTITY .* "x">]><a>&.*;</a>'],
    ['24', '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
    ['27', '<a><__proto__><polluted>1</polluted></__proto__></a>'],
    ['37', '<a>&#0;</a>'],
  ])('attack %s is refused', async (_, document) => {
    expect(await parseBoth(document, { xml: {} })).toMatchObject(refused('XML_INVALID'));
    expect({}).not.toHaveProperty('polluted');
  });

  test('a genuine cXML document type is accepted and never fetched (attack 29)', async () => {
    const document = '<!DOCTYPE cXML SYSTEM "http://127.0.0.1:9/cXML.dtd"><cXML payloadID="1"><Header/></cXML>';
    expect(await parseBoth(document, { xml: {} })).toEqual({ cXML: { '@payloadID': '1', Header: '' } });
  });

  test('a million character references are a million characters (attack 21)', async () => {
    expect(await out(`<a>${'&#65;'.repeat(1_000_000)}</a>`, { xml: {} })).toEqual({ a: 'A'.repeat(1_000_000) });
  });

  test('a million siblings or attributes end in data or a refusal, not in the end of the process (attack 25)', async () => {
    const siblings = (await out(`<a>${'<b/>'.repeat(1_000_000)}</a>`, { xml: {} })) as { a: { b: Json[] } };
    expect(siblings.a.b).toHaveLength(1_000_000);
    const attributes = Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ');
    expect(await out(`<a ${attributes}/>`, { xml: {} })).toHaveProperty('a');
  });

  test('a document of more than 10 MB is refused', async () => {
    const large = `<a>${'x'.repeat(11_000_000)}</a>`;
    expect(await runNode(parse, null, { from: large, xml: {} })).toMatchObject(refused('PARSE_TOO_LARGE'));
  });
});
