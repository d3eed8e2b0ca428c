import fc from 'fast-check';

/** Few names and few values, so that expressions often find something in the data. */
const names = ['a', 'b', 'c', 'd'];
const texts = ['', 'a', 'ab', 'b-c', 'x1', '10', '2026-01-31'];
const variables = ['x', 'y', 'i'];

/** Data of all shapes: lists of one and none, lists in lists, objects with any of the names. */
export const data: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 3, -1, 2.5, 10, ...texts),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4 }),
  ),
})).value;

type Text = fc.Arbitrary<string>;

/** Functions that need no function among their arguments, with how many arguments they take. */
const functions: readonly (readonly [name: string, least: number, most: number])[] = [
  ['abs', 1, 1],
  ['append', 2, 2],
  ['average', 1, 1],
  ['boolean', 0, 1],
  ['ceil', 1, 1],
  ['contains', 1, 2],
  ['count', 1, 1],
  ['distinct', 1, 1],
  ['exists', 1, 1],
  ['floor', 1, 1],
  ['join', 1, 2],
  ['keys', 0, 1],
  ['length', 0, 1],
  ['lookup', 1, 2],
  ['lowercase', 0, 1],
  ['max', 1, 1],
  ['merge', 1, 1],
  ['min', 1, 1],
  ['not', 0, 1],
  ['number', 0, 1],
  ['pad', 2, 3],
  ['power', 1, 2],
  ['replace', 3, 4],
  ['reverse', 1, 1],
  ['round', 1, 2],
  ['sort', 1, 1],
  ['split', 1, 3],
  ['spread', 0, 1],
  ['string', 0, 1],
  ['substring', 2, 3],
  ['substringAfter', 1, 2],
  ['substringBefore', 1, 2],
  ['sum', 1, 1],
  ['trim', 0, 1],
  ['type', 1, 1],
  ['uppercase', 0, 1],
  ['zip', 1, 3],
];

const predicates = ['$v', '$v.a', '$v = 1', '$v > 1', '$exists($v.b)', '$type($v) = "number"'];
const bodies = ['$v', '$v.a', '[$v]', '{"k": $v}', '$string($v)', '$keys($v)', '$v.b.c', '$v[0]', '($w := $v; $w)'];
const callees = ['$string', '$keys', '$boolean', '$type', '$count', '$spread', '$append(?, 1)'];

/** Text of any expression; not all of them can be read. */
export const expressions: Text = fc.letrec<{ any: string }>((tie) => {
  const any = tie('any');
  const text = (...parts: (string | Text)[]): Text =>
    fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''));
  const name = fc.constantFrom(...names);
  const variable = fc.constantFrom(...variables).map((each) => `$${each}`);
  const number = fc.constantFrom('0', '1', '2', '3', '-1', '2.5', '10');
  const string = fc.constantFrom(...texts.map((each) => JSON.stringify(each)));
  const key = fc.oneof(string, text('$string(', name, ')'), text('$type(', any, ')'));
  const step = fc.oneof(
    { weight: 6, arbitrary: name },
    text('(', any, ')'),
    text('{', key, ': ', any, '}'),
    text('[', any, ', ', any, ']'),
    fc.constantFrom('*', '**', '$', '%', '%.a', '$string()', '$keys()', '$sum(b)'),
    text('(', variable, ' := ', any, '; ', variable, ')'),
  );
  const filter = fc.oneof(number, any, text(name, ' = ', any), text(name, ' > ', number));
  const path = fc.oneof(
    text(name, '.', name),
    text(any, '.', step),
    text(any, '.', step, '.', step),
    text(name, '.', name, '[', filter, ']'),
    text('(', any, ')[', filter, ']'),
    text(name, '[', filter, '].', step),
    text('(', any, ')[', filter, '].', step),
    text(any, '[]'),
    text(any, '.', name, '[].', step),
    text(any, '^(', name, ')'),
    text(any, '^(>', any, ', ', name, ').', step),
    text(any, '{', key, ': ', any, '}'),
    text(any, '{', key, ': ', any, ', ', key, ': ', any, '}'),
    text(name, '@', variable, '.', step, '[', filter, '].', any),
    text(name, '@', variable, '.', name, '@', variable, '{', key, ': ', any, '}'),
    text(name, '#', variable, '.', step, '.{"i": ', variable, ', "v": ', any, '}'),
    text(name, '.', name, '[%.', name, ' = ', any, ']'),
    text(name, '.', name, '.{"p": %.', name, ', "q": ', any, '}'),
  );
  const operator = fc.constantFrom(
    '+',
    '-',
    '*',
    '/',
    '%',
    '&',
    '=',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    'and',
    'or',
    'in',
    '??',
    '?:',
  );
  const call = fc
    .constantFrom(...functions)
    .chain(([called, least, most]) =>
      fc.array(any, { minLength: least, maxLength: most }).map((args) => `$${called}(${args.join(', ')})`),
    );
  const lambda = fc.oneof(
    fc.constantFrom(...bodies).map((body) => `function($v) { ${body} }`),
    fc.constantFrom(...bodies).map((body) => `function($v, $i) { [$i, ${body}] }`),
    fc.constantFrom(...callees),
  );
  const higher = fc.oneof(
    text('$map(', any, ', ', lambda, ')'),
    text('$filter(', any, ', function($v) { ', fc.constantFrom(...predicates), ' })'),
    text('$single(', any, ', function($v) { ', fc.constantFrom(...predicates), ' })'),
    text('$reduce(', any, ', function($l, $r) { $l & $r })'),
    text('$reduce(', any, ', $append)'),
    text('$each(', any, ', function($v, $k) { ', fc.constantFrom(...bodies), ' })'),
    text('$sift(', any, ', function($v, $k) { ', fc.constantFrom(...predicates), ' })'),
    text('$sort(', any, ', function($l, $r) { $l > $r })'),
    text(any, ' ~> ', lambda),
    text(any, ' ~> ', call),
    text(any, ' ~> |', any, '|{"n": ', any, '}, ', string, '|'),
    text('(', lambda, ' ~> ', lambda, ')(', any, ')'),
    text('(', variable, ' := ', lambda, '; ', variable, '(', any, '))'),
  );
  return {
    any: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      {
        weight: 4,
        arbitrary: fc.oneof(name, number, string, variable, fc.constantFrom('$', '$$', 'true', 'false', 'null')),
      },
      { weight: 6, arbitrary: path },
      { weight: 3, arbitrary: text(any, ' ', operator, ' ', any) },
      { weight: 1, arbitrary: text('-', any) },
      { weight: 2, arbitrary: text('[', any, ', ', any, ']') },
      { weight: 1, arbitrary: text('[', number, '..', number, ']') },
      { weight: 1, arbitrary: text('[', any, ']') },
      { weight: 2, arbitrary: text('{', key, ': ', any, ', ', key, ': ', any, '}') },
      { weight: 1, arbitrary: text('(', any, ' ? ', any, ' : ', any, ')') },
      { weight: 2, arbitrary: text('(', variable, ' := ', any, '; ', any, ')') },
      { weight: 4, arbitrary: call },
      { weight: 4, arbitrary: higher },
    ),
  };
}).any;
