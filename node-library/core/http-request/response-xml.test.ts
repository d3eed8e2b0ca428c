import { MillraceError } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { json, setup } from './local-server.fixture.ts';
import { jsonOfXml as readAnswer } from './response-xml.ts';

const jsonOfXml = (text: string) => readAnswer(text, 'acme');

/** An answer with this body and content type, as the node emits it. */
async function bodyOf(type: string, body: string | Buffer) {
  const { call } = await setup((response) => response.writeHead(200, { 'content-type': type }).end(body));
  const result = await call();
  return result.kind === 'emit' ? (result.data as { body: unknown }).body : result;
}

async function refusal(text: string): Promise<MillraceError> {
  try {
    await jsonOfXml(text);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  throw new Error('The document was taken.');
}

describe('an XML answer becomes JSON', () => {
  test.each(['application/xml', 'text/xml; charset=utf-8', 'application/soap+xml', 'Application/Vnd.ERP+XML'])(
    'of type %s',
    async (type) => {
      expect(await bodyOf(type, '<order><id>00123</id></order>')).toEqual({ order: { id: '00123' } });
    },
  );

  test('HTML and plain text stay text', async () => {
    expect(await bodyOf('text/html', '<p>no</p>')).toBe('<p>no</p>');
    expect(await bodyOf('text/plain', '<a/>')).toBe('<a/>');
  });

  test('in the charset of its declaration, where the content type names none', async () => {
    const latin1 = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><city>Malmö</city>', 'latin1');
    expect(await bodyOf('application/xml', latin1)).toEqual({ city: 'Malmö' });
    expect(
      await bodyOf('application/xml; charset=utf-8', '<?xml version="1.0" encoding="ISO-8859-1"?><a>ö</a>'),
    ).toEqual({ a: 'ö' });
  });

  test('malformed XML fails the step', async () => {
    const { call } = await setup(json(200, '<order><id>1</order>', { 'content-type': 'text/xml' }));
    expect(await call()).toMatchObject({
      error: { code: 'RESPONSE_NOT_XML', category: 'server', message: expect.stringContaining("closing tag 'id'") },
    });
  });
});

describe('the shape', () => {
  test('every value is text: no number, date or boolean is guessed', async () => {
    expect(await jsonOfXml('<a><sku>00123</sku><qty>1.50</qty><hex>0x1F</hex><yes>true</yes></a>')).toEqual({
      a: { sku: '00123', qty: '1.50', hex: '0x1F', yes: 'true' },
    });
  });

  test('attributes are under @name, namespaces keep their prefix', async () => {
    expect(await jsonOfXml('<o:order xmlns:o="urn:x" no="007"><o:line n="1">A</o:line><o:line/></o:order>')).toEqual({
      'o:order': { '@xmlns:o': 'urn:x', '@no': '007', 'o:line': [{ '@n': '1', '#text': 'A' }, ''] },
    });
  });

  test('text is kept with its blanks; those between elements are left out, and so are comments', async () => {
    expect(await jsonOfXml('<?xml version="1.0"?>\n<a>\n  <!-- c -->\n  <b> x </b>\n  <c> </c>\n</a>\n')).toEqual({
      a: { b: ' x ', c: ' ' },
    });
  });

  test('references are decoded, in CDATA they are text', async () => {
    expect(await jsonOfXml('<a b="&quot;&#60;">&amp;lt; &#x20AC;&#128512; <![CDATA[&amp; <b>]]></a>')).toEqual({
      a: { '@b': '"<', '#text': '&lt; €😀 &amp; <b>' },
    });
  });

  test('any text comes back as it was written', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'ä', '€', '😀', '<', '>', '&', '"', "'", ' ', '\t', ';', '#', ']', '0'),
    });
    const escaped = (value: string) => value.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
    await fc.assert(
      fc.asyncProperty(text, text, async (attribute, content) => {
        const document = `<root a="${escaped(attribute)}"><value>${escaped(content)}</value></root>`;
        expect(await jsonOfXml(document)).toEqual({ root: { '@a': attribute, value: content } });
      }),
    );
  });
});

describe('a hostile or broken document', () => {
  test.each([
    ['', 'Start tag expected'],
    ['{"a":1}', 'is not expected'],
    ['<a>', 'Unclosed tag'],
    ['<a></a><b></b>', 'Multiple possible root nodes'],
    ['<a/><a/>', 'more than one root element'],
    ['<a></a><b/>', 'more than one root element'],
    ['<a b=1/>', 'without value'],
    ['<a b="1" b="2"/>', 'repeated'],
    ['<a>fish & chips</a>', '&'],
    ['<a b="fish & chips"/>', 'none of the references'],
    ['<a>&nbsp;</a>', '“&nbsp;” is none of the references'],
    ['<a>&#0;</a>', 'none of the references'],
    ['<a>&#xD800;</a>', 'none of the references'],
    ['<a>&#x110000;</a>', 'none of the references'],
    ['<a>\u0000</a>', 'character 0 is not allowed'],
    ['<a><![CDATA[x</a>', 'Unclosed tag'],
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'External entities'],
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', '“&x;” is none of the references'],
    ['<!DOCTYPE a><!DOCTYPE a><a/>', 'Multiple DOCTYPE'],
  ])('%j is refused: %s', async (document, reason) => {
    expect(await refusal(document)).toMatchObject({
      code: 'RESPONSE_NOT_XML',
      category: 'server',
      message: expect.stringContaining(reason),
    });
  });

  test('a billion laughs are not laughed', async () => {
    const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
    const document = `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]><a>&l9;</a>`;
    expect((await refusal(document)).message).toContain('“&l9;” is none of the references');
  });

  test('an external document type is not loaded', async () => {
    const document = '<!DOCTYPE cXML SYSTEM "http://127.0.0.1:9/no.dtd"><cXML><a>1</a></cXML>';
    expect(await jsonOfXml(document)).toEqual({ cXML: { a: '1' } });
  });

  test.each(['__proto__', 'constructor', 'prototype'])('an element %s changes no prototype', async (name) => {
    expect((await refusal(`<a><${name}><polluted>1</polluted></${name}></a>`)).code).toBe('RESPONSE_NOT_XML');
    expect(await jsonOfXml(`<a ${name}="1"/>`)).toEqual({ a: { [`@${name}`]: '1' } });
    expect({}).not.toHaveProperty('polluted');
  });

  test('names of methods are names like any other', async () => {
    expect(await jsonOfXml('<a><toString>1</toString><hasOwnProperty>2</hasOwnProperty></a>')).toEqual({
      a: { toString: '1', hasOwnProperty: '2' },
    });
  });

  test('elements inside each other are bounded', async () => {
    const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    await expect(jsonOfXml(nested(100))).resolves.toBeDefined();
    expect((await refusal(nested(1000))).message).toContain('nested');
  });

  test('a refusal repeats no more than a few words of the answer', async () => {
    expect((await refusal('<canary>'.repeat(100_000))).message.length).toBeLessThan(400);
  });
});
