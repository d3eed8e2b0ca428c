import { type Attack, heldUnless } from '../attack.ts';
import type { Target } from '../target/target.ts';

const evaluatorTests = 'runtime/evaluator/attacks.test.ts';

/** What contains an expression that wants too much. */
const contained = [
  'EXPRESSION_TIMEOUT',
  'EXPRESSION_MEMORY',
  'EXPRESSION_FAILED',
  'EXPRESSION_OUTPUT_TOO_LARGE',
  'EXPRESSION_PARSE',
];

/** An expression that must end in a refusal, evaluated by the API. */
const exhausting: readonly (readonly [number, string, string, unknown?])[] = [
  [1, 'a tail-recursive loop', '($f := function($x) { $f($x + 1) }; $f(1))'],
  [
    2,
    'Ackermann',
    '($a := function($m, $n) { $m = 0 ? $n + 1 : $n = 0 ? $a($m - 1, 1) : $a($m - 1, $a($m, $n - 1)) }; $a(4, 3))',
  ],
  [3, 'a range of a billion', '[1..1e9]'],
  [4, 'nested ranges', '[1..1e4].([1..1e4].([1..1e4]))'],
  [5, 'padding to half a gigabyte', "$pad('x', 5e8)"],
  [6, 'a string that doubles', "$reduce([1..60], function($s, $i) { $s & $s }, 'xxxxxxxx')"],
  [14, '20,000 nested brackets', '['.repeat(20_000) + ']'.repeat(20_000)],
];

/** An expression whose answer shows whether it got through; `wanted` tells what may be answered. */
interface Probe {
  readonly expression: string;
  readonly input?: unknown;
  /** Fits the whole answer. */
  readonly wanted: RegExp;
}
const nothing = /^\{\}$|^\{"result":\[\]\}$/;
const refused = /"code":"EXPRESSION_(PARSE|FAILED)".*reserved/;
/** On it a pattern that backtracks would work for longer than anybody lives; answered in linear time it is no attack. */
const backtracking = { text: `${'a'.repeat(5_000)}!` };

const probing: readonly (readonly [number, string, readonly Probe[]])[] = [
  [
    7,
    'a pattern that backtracks',
    [
      { expression: '$contains(text, /(a+)+$/)', input: backtracking, wanted: /^\{"result":false\}$/ },
      // Look-ahead cannot be answered in linear time; it ends with its process.
      { expression: '$contains(text, /^(?=(a+)+$)/)', input: backtracking, wanted: /"EXPRESSION_TIMEOUT"/ },
    ],
  ],
  [
    8,
    'the same through $replace',
    [
      {
        expression: "$length($replace(text, /(a+)+$/, ''))",
        input: backtracking,
        wanted: /^\{"result":5001\}$/,
      },
    ],
  ],
  [
    9,
    '$eval of payload text',
    [{ expression: '$eval(code)', input: { code: '1 + 1' }, wanted: /EXPRESSION_EVAL_OFF/ }],
  ],
  [
    10,
    'a prototype read and transformed',
    [
      ...['__proto__', '$.constructor', '$sum.constructor', '$lookup($, "__proto__")'].map((expression) => ({
        expression,
        wanted: nothing,
      })),
      { expression: '{} ~> |$|{ "__proto__": { "polluted": true } }|', wanted: refused },
      { expression: '$merge([{ "__proto__": { "polluted": true } }])', wanted: refused },
      { expression: '[{}.polluted, "".polluted]', wanted: nothing },
    ],
  ],
  [
    11,
    'functions forged in the input',
    ['_jsonata_lambda', '_jsonata_function'].map((flag) => ({
      expression: 'f()',
      input: { f: { [flag]: true, implementation: 'process.exit()', body: {}, arguments: [] } },
      wanted: /“f” is called but is no function/,
    })),
  ],
  [
    12,
    'the inside of a function or pattern',
    ['$sum.*', '/a/.*', '$sum.**.x', '$keys($sum)'].map((expression) => ({ expression, wanted: nothing })),
  ],
  [
    13,
    'rebinding the engine or its functions',
    [
      { expression: '($__evaluate_entry := function() { $error() }; $sum := function() { 7 }; $sum())', wanted: /7/ },
      { expression: '$sum([1, 2])', wanted: /"result":3\}/ },
    ],
  ],
  [
    16,
    'a secret reachable from the bindings',
    ['$process', '$env', '$globalThis', '$require("fs")', '$string($eval)'].map((expression) => ({
      expression,
      wanted: /^\{\}$|"error"|"result":""/,
    })),
  ],
  [
    17,
    'payload in an error text',
    ['$number(p)', 'p + 1', '$error(p)', '$assert(false, p)', '{ p: 1, $: 2 }', '$toMillis(p)'].map((expression) => ({
      expression,
      input: { p: 'canary-17' },
      wanted: /^(?!.*canary).*"error"/,
    })),
  ],
];

async function answerTo(target: Target, { expression, input = {} }: Omit<Probe, 'wanted'>): Promise<string> {
  return (await target.call('POST', '/evaluate', { expression, input })).text;
}

const byTests = (number: number) => [{ file: evaluatorTests, name: new RegExp(`\\b${number} `) }];

const twoTenants: Attack = {
  number: 15,
  title: 'one compiled expression, many inputs at once',
  tests: byTests(15),
  async try(targets) {
    const target = await targets.usual();
    const expression = '($mine := $; $map([1..200], function($i) { $mine.id }) ~> $distinct())';
    const ids = Array.from({ length: 40 }, (_, n) => `id ${n}`);
    const answers = await Promise.all(ids.map((id) => answerTo(target, { expression, input: { id } })));
    const wrong = answers.filter((answer, n) => answer !== JSON.stringify({ result: ids[n] }));
    return heldUnless(wrong, '40 at once, each its own answer');
  },
};

export const expressions: readonly Attack[] = [
  ...exhausting.map(
    ([number, title, expression, input]): Attack => ({
      number,
      title,
      async try(targets) {
        const answer = await answerTo(await targets.usual(), { expression, input });
        const code = contained.find((code) => answer.includes(`"${code}"`));
        return heldUnless(code === undefined ? [`it answered ${answer.slice(0, 200)}`] : [], `${code}`);
      },
    }),
  ),
  ...probing.map(
    ([number, title, probes]): Attack => ({
      number,
      title,
      tests: byTests(number),
      async try(targets) {
        const target = await targets.usual();
        const answers = await Promise.all(probes.map((probe) => answerTo(target, probe)));
        const wrong = probes.flatMap(({ expression, wanted }, n) =>
          wanted.test(answers[n] ?? '') ? [] : [`${expression} gave ${answers[n]?.slice(0, 200)}`],
        );
        return heldUnless(wrong, `${probes.length} expressions`);
      },
    }),
  ),
  twoTenants,
];
