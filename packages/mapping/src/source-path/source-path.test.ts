import { type Json, MillraceError } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { pathToText, type SourcePath } from './source-path.ts';

const read = (path: SourcePath, input: Json) =>
  evaluate({ text: pathToText(path), input, bindings: {}, now: '2026-11-21T10:00:00Z', seed: '' });

/** As a list, whatever JSONata makes of none or one. */
const all = async (path: SourcePath, input: Json) => {
  const found = read(path, input);
  return Array.isArray(found) ? found : found === undefined ? [] : [found];
};

function refusal(path: SourcePath): MillraceError {
  try {
    expect.fail(pathToText(path));
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown;
    throw thrown;
  }
}

/** In the shape in which the XML parser gives documents. */
const order: Json = {
  Order: {
    '@no': '4711',
    Customer: { '@type': 'B', '#text': 'Acme' },
    Note: '',
    Lines: {
      Line: [
        { '@n': '1', '@sku': 'A', Qty: '2', Price: { '@currency': 'SEK', '#text': '10.00' } },
        { '@n': '2', '@sku': 'B', Qty: '1' },
        { '@n': '3', '@sku': 'A', Qty: '5' },
      ],
    },
    Ship: { Line: { '@n': '9', Qty: '7' }, 'o:Odd': 'x', and: 'y' },
  },
};

describe('XPath as the source of a field (R-F6)', () => {
  it.each<[string, Json]>([
    ['/Order/@no', ['4711']],
    ['/Order/Lines/Line/@sku', ['A', 'B', 'A']],
    ['/Order/Lines/Line[2]/@sku', ['B']],
    ['/Order/Lines/Line[last()]/@n', ['3']],
    ["/Order/Lines/Line[@sku='A']/Qty", ['2', '5']],
    ["/Order/Lines/Line[@sku='A'][2]/Qty", ['5']],
    ['/Order/Lines/Line[Qty="1"]/@n', ['2']],
    ["/Order/Lines/Line[Price='10.00']/@n", ['1']],
    ["/Order/Lines/Line[Price/@currency = 'SEK']/@n", ['1']],
    ['/Order/Lines/Line[Price]/@n', ['1']],
    ['/Order/Lines/Line[@nowhere]/@n', []],
    ["/Order/Customer[.='Acme']/@type", ['B']],
    ["/Order/Customer[text()='Other']", []],
    ['/Order/Customer/text()', ['Acme']],
    ['/Order/Lines/Line/Qty/text()', ['2', '1', '5']],
    ['//Line/@n', ['1', '2', '3', '9']],
    ['/Order//Qty', ['2', '1', '5', '7']],
    ['//Line[1]/@n', ['1', '9']],
    ['/Order/Ship/Line[1]/Qty', ['7']],
    ['/Order/Ship/Line[2]/Qty', []],
    ['/Order/Ship/o:Odd', ['x']],
    ['/Order/Ship/and', ['y']],
    ['/Order/Customer/*', []],
    ['/Order/Customer/@*', ['B']],
    ['/Order/*/Line/Qty', ['2', '1', '5', '7']],
    ['/Order/Note', ['']],
    ['/Order/Nowhere/@x', []],
    ['Order/@no', ['4711']],
    ['./Order/@no', ['4711']],
  ])('%s', async (xpath, expected) => expect(await all({ xpath }, order)).toEqual(expected));

  it('the document itself', async () => expect(read({ xpath: '/' }, order)).toEqual(order));

  it('is one JSONata path that can be read', () => {
    expect(pathToText({ xpath: "/Order/Lines/Line[@sku='A']/Qty" })).toBe('$$.Order.Lines.Line["A" in `@sku`].Qty');
  });

  it.each([
    ['', 'PATH_INVALID'],
    ['/Order/', 'PATH_INVALID'],
    ['/Order//', 'PATH_INVALID'],
    ['/Order/..', 'PATH_UNSUPPORTED'],
    ['count(/Order)', 'PATH_UNSUPPORTED'],
    ['/Order/position()', 'PATH_UNSUPPORTED'],
    ['/Order/ancestor::x', 'PATH_UNSUPPORTED'],
    ['/Order | /Invoice', 'PATH_UNSUPPORTED'],
    ['/Order[0]', 'PATH_UNSUPPORTED'],
    ["/Order[@a='b' and @c='d']", 'PATH_UNSUPPORTED'],
    ['/Order[@a=1]', 'PATH_UNSUPPORTED'],
    ["/Order[@a='b'", 'PATH_UNSUPPORTED'],
    ['/*:Order', 'PATH_UNSUPPORTED'],
    ['/a"; $evil(); "', 'PATH_UNSUPPORTED'],
  ])('what cannot be used is refused with its place: %s', (xpath, code) => {
    expect(refusal({ xpath })).toMatchObject({ code, options: { details: { position: expect.any(Number) } } });
  });
});

const shop: Json = {
  order: {
    id: 'D-1',
    'odd name': 1,
    'back`quote': 2,
    lines: [
      { sku: 'A', qty: 2, open: true, tags: ['x', 'y'], at: { bin: 'B1' } },
      { sku: 'B', qty: 1, open: false, tags: ['z'] },
      { sku: "it's", qty: null, tags: [] },
    ],
    matrix: [
      [1, 2],
      [3, 4],
    ],
  },
};

describe('JSONPath as the source of a field (R-F6)', () => {
  it.each<[string, Json]>([
    ['$.order.id', ['D-1']],
    ["$['order']['odd name']", [1]],
    ['$["order"]["back`quote"]', [2]],
    ['$.order.lines[*].sku', ['A', 'B', "it's"]],
    ['$.order.lines.sku', ['A', 'B', "it's"]],
    ['$.order.lines[0].sku', ['A']],
    ['$.order.lines[-1].sku', ["it's"]],
    ['$.order.lines[7].sku', []],
    ['$.order.lines[*].tags[0]', ['x', 'z']],
    ['$.order.matrix[1][0]', [3]],
    ['$..sku', ['A', 'B', "it's"]],
    ["$..['bin']", ['B1']],
    ['$.order.lines[0].at.*', ['B1']],
    ["$.order.lines[?(@.sku == 'B')].qty", [1]],
    ['$.order.lines[?@.sku=="B"].qty', [1]],
    ["$.order.lines[?(@.sku == 'it\\'s')].sku", ["it's"]],
    ['$.order.lines[?(@.qty == 2)].sku', ['A']],
    ['$.order.lines[?(@.open == true)].sku', ['A']],
    ['$.order.lines[?(@.qty == null)].sku', ["it's"]],
    ['$.order.lines[?(@.at)].sku', ['A']],
    ["$.order.lines[?(@.at.bin == 'B1')].sku", ['A']],
    ['@.order.id', ['D-1']],
  ])('%s', async (jsonpath, expected) => expect(await all({ jsonpath }, shop)).toEqual(expected));

  it('a list at the top', async () => {
    expect(await all({ jsonpath: '$[1].a' }, [{ a: 1 }, { a: 2 }])).toEqual([2]);
    expect(await all({ jsonpath: '$[*].a' }, [{ a: 1 }, { a: 2 }])).toEqual([1, 2]);
  });

  it.each([
    ['order.id', 'PATH_INVALID'],
    ['$.', 'PATH_UNSUPPORTED'],
    ['$[', 'PATH_INVALID'],
    ["$['\\x']", 'PATH_INVALID'],
    ['$.a[1:2]', 'PATH_UNSUPPORTED'],
    ["$.a['b','c']", 'PATH_UNSUPPORTED'],
    ['$.a[*][0]', 'PATH_UNSUPPORTED'],
    ['$.a[?(@.b > 1)]', 'PATH_UNSUPPORTED'],
    ['$.a[?(length(@.b))]', 'PATH_UNSUPPORTED'],
    ["$.a[?(@.b == 'c' && @.d)]", 'PATH_UNSUPPORTED'],
    ['$..*', 'PATH_UNSUPPORTED'],
    ['$.a; $evil()', 'PATH_UNSUPPORTED'],
  ])('what cannot be used is refused with its place: %s', (jsonpath, code) => {
    expect(refusal({ jsonpath })).toMatchObject({ code, options: { details: { position: expect.any(Number) } } });
  });
});

describe('against the plain meaning of a path', () => {
  const name = fc.constantFrom('a', 'b', 'c d', 'in');
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('x', 'y'),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      fc.dictionary(name, fc.array(fc.dictionary(name, tie('value'), { maxKeys: 2 }), { minLength: 1, maxLength: 3 }), {
        maxKeys: 2,
      }),
    ),
  }));
  const step = fc.record({ name, index: fc.option(fc.constantFrom(0, 1)) });

  /** Names and positions alone, over data in which no list stands directly in a list. */
  function reached(data: Json, steps: readonly { name: string; index: number | null }[]): Json[] {
    let here: Json[] = [data];
    for (const { name, index } of steps) {
      here = here.flatMap((each) => {
        const inner = Object.hasOwn(Object(each), name) ? (each as Record<string, Json>)[name] : undefined;
        const items = (Array.isArray(inner) ? inner : inner === undefined ? [] : [inner]) as Json[];
        return index === null ? items : items.slice(index, index + 1);
      });
    }
    return here;
  }

  const objects = fc.dictionary(name, value);
  const paths = fc.array(step, { minLength: 1, maxLength: 4 });

  it('JSONPath', async () => {
    await fc.assert(
      fc.asyncProperty(objects, paths, async (data, steps) => {
        const jsonpath = `$${steps.map(({ name, index }) => `['${name}']${index === null ? '' : `[${index}]`}`).join('')}`;
        expect(await all({ jsonpath }, data)).toEqual(reached(data, steps));
      }),
    );
  });

  it('XPath', async () => {
    const plain = paths.map((steps) => steps.map((each) => ({ ...each, name: each.name.replace(' ', '') })));
    await fc.assert(
      fc.asyncProperty(objects, plain, async (data, steps) => {
        const xpath = steps.map(({ name, index }) => `/${name}${index === null ? '' : `[${index + 1}]`}`).join('');
        expect(await all({ xpath }, data)).toEqual(reached(data, steps));
      }),
    );
  });
});
