import type { Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import parse from '../parse/node.ts';
import { type Format, fromBoth, refused, text } from './build.fixture.ts';

describe('XML', () => {
  test('a list goes between root and items, from a file too', async () => {
    const list = [{ '@id': 1, Name: 'x' }, 'plain', null, { Tag: ['a', 'b'] }];
    expect(await fromBoth(list, { xml: { root: 'Orders', item: 'Order', declaration: false } })).toBe(
      '<Orders><Order id="1"><Name>x</Name></Order><Order>plain</Order><Order/><Order><Tag>a</Tag><Tag>b</Tag></Order></Orders>',
    );
    expect(await fromBoth([], { xml: { root: 'Orders', item: 'Order', declaration: false } })).toBe(
      '<Orders></Orders>',
    );
  });

  test('indented for people, except where blanks would count', async () => {
    const data = { a: { b: [{ c: 1 }, ''], d: { '#text': 't', e: { f: 2 } } } };
    expect(await text(data, { xml: { indent: true } })).toBe(
      '<?xml version="1.0"?>\n<a>\n  <b>\n    <c>1</c>\n  </b>\n  <b/>\n  <d>t<e><f>2</f></e></d>\n</a>\n',
    );
  });

  test.each([
    ['</a><evil/>', '&lt;/a&gt;&lt;evil/&gt;'],
    ['" onload="x', '&quot; onload=&quot;x'],
    [']]><evil/>', ']]&gt;&lt;evil/&gt;'],
    ['--><evil/>', '--&gt;&lt;evil/&gt;'],
    ['&amp;', '&amp;amp;'],
    ['<![CDATA[x', '&lt;![CDATA[x'],
  ])('no value breaks out of its place: %s (attack 28)', async (value, escaped) => {
    expect(await text({ a: { '@b': value, c: value } }, { xml: { declaration: false } })).toBe(
      `<a b="${escaped}"><c>${escaped}</c></a>`,
    );
  });

  test.each<[Json, string]>([
    [{ 'a><evil': 1 }, '/a><evil'],
    [{ a: { '@b="1" c': 'x' } }, '/a/@b="1" c'],
    [{ a: { '@': 'x' } }, '/a/@'],
    [{ a: { 'b c': 1 } }, '/a/b c'],
    [{ a: { '': 1 } }, '/a/'],
    [{ a: { '1': 1 } }, '/a/1'],
    [{ a: { '!--': 1 } }, '/a/!--'],
    [{ a: { '?pi': 1 } }, '/a/?pi'],
    [{ a: [{ 'x/y': 1 }] }, ''],
  ])('%j has a name that XML does not allow', async (data, pointer) => {
    const result = await text(data, { xml: {} });
    if (pointer === '') expect(result).toMatchObject(refused('XML_VALUE'));
    else expect(result).toMatchObject(refused('XML_NAME', pointer));
  });

  test.each<[string, Json, Format['xml'] & object, string, string | undefined]>([
    ['two roots', { a: 1, b: 2 }, {}, 'XML_ROOT', undefined],
    ['no root', {}, {}, 'XML_ROOT', undefined],
    ['a text alone', 'x', {}, 'XML_ROOT', undefined],
    ['an attribute alone', { '@a': 1 }, {}, 'XML_ROOT', undefined],
    ['a list without item', [1], { root: 'a' }, 'XML_VALUE', ''],
    ['an object as attribute', { a: { '@b': {} } }, {}, 'XML_VALUE', '/a/@b'],
    ['a NUL', { a: { b: ['x', '\u0000'] } }, {}, 'XML_VALUE', '/a/b/1'],
    ['half a pair', { a: '\ud800' }, {}, 'XML_VALUE', '/a'],
    ['a root that is no name', {}, { root: 'a b' }, 'XML_NAME', undefined],
    ['no list of items', {}, { root: 'a', item: 'b' }, 'NOT_A_LIST', undefined],
  ])('%s is refused', async (_, data, xml, code, pointer) => {
    expect(await text(data, { xml })).toMatchObject(refused(code, pointer));
  });

  test('elements inside each other are bounded', async () => {
    let deep: Json = 'x';
    for (let depth = 0; depth < 101; depth++) deep = { a: deep };
    expect(await text(deep, { xml: {} })).toMatchObject(refused('XML_VALUE'));
  });

  test('what is built is parsed again as it was', async () => {
    const value = fc.string({
      unit: fc.constantFrom('a', '<', '>', '&', '"', "'", ' ', '\t', '\n', '\r', ']', 'å', '😀'),
    });
    const data = fc.record({ '@no': value, Note: value, Line: fc.array(value, { minLength: 2, maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(data, async (order) => {
        const built = await text({ order }, { xml: {} });
        expect(await runNode(parse, null, { from: built, xml: {} })).toEqual({
          kind: 'emit',
          port: 'out',
          data: { order },
        });
      }),
      { numRuns: 200 },
    );
  });
});
