/** `npm run bench:completion`: what an editor waits for, in a mapping of 200 lines over a schema of 500 fields. */
import { analyse, completionsAt, hoverAt, shapeOfSchema } from '../src/language/index.ts';
import { medianOf } from './measure.ts';

const bar = 50;
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const fieldsOf = (all: readonly string[]) => Object.fromEntries(all.map((name) => [name, { type: 'string' }]));

/** 250 fields of an order and 250 of each of its lines. */
const schema = {
  type: 'object',
  required: ['lines'],
  properties: {
    ...fieldsOf(names('field', 249)),
    lines: { type: 'array', items: { type: 'object', properties: fieldsOf(names('column', 250)) } },
  },
};
const header = names('field', 99).map((name) => `  "${name}": $trim(${name} ?? "") & "/" & $uppercase(${name})`);
const columns = names('column', 98).map(
  (name) => `    "${name}": $exists(${name}) ? $substring(${name}, 0, 10) : "none"`,
);
const start = ['{', ...header, '  "lines": lines[column1 != ""].{', ...columns].join(',\n').replaceAll('{,', '{');
const text = `${start}\n  }\n}`;
const typed = `${start},\n    "last": colu`;

// Each keystroke of an editor comes with an environment made anew.
const environment = () => ({ input: shapeOfSchema(structuredClone(schema)), bindings: {} });

const rows: [what: string, ms: number][] = [
  ['completion at the end of the last line', await medianOf(() => completionsAt(typed, typed.length, environment()))],
  [
    'completion in the first line',
    await medianOf(() => completionsAt(text, text.indexOf('field0 ') + 3, environment())),
  ],
  ['diagnostics of the whole', await medianOf(() => analyse(text, environment()))],
  [
    'explanation of a name in the last line',
    await medianOf(() => hoverAt(text, text.lastIndexOf('column97'), environment())),
  ],
];
const found = completionsAt(typed, typed.length, environment()).items.filter(({ kind }) => kind === 'field').length;
console.log(
  `${text.split('\n').length} lines, ${found} fields proposed at the end, ${analyse(text, environment()).diagnostics.length} diagnostics`,
);
for (const [what, ms] of rows)
  console.log(`${ms <= bar ? 'held  ' : 'missed'} ${what} (bar: ${bar} ms): ${ms.toFixed(1)} ms`);
process.exitCode = rows.every(([, ms]) => ms <= bar) ? 0 : 1;
