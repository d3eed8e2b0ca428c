import { Expression } from '../src/index.ts';

/** Expressions of all kinds, so that the process has seen everything before it is measured. */
export function doOtherWork(count: number): void {
  for (let number = 0; number < count; number++) {
    const [text, input] = otherExpression(number);
    new Expression(text).evaluate(input);
  }
}

const shapes: readonly ((name: string, number: number) => string)[] = [
  (name, number) => `${name}.b + ${number}`,
  (name, number) => `${name}.items[x > ${number % 10}].{ "k": y, "n": x * 2 }`,
  (name) => `$sum(${name}.items.x) & "/" & $string($count(${name}.items))`,
  (name) => `${name}.items{ y: $sum(x) }`,
  (name) => `${name}.items^(>x)[0].y`,
  (name, number) => `$map(${name}.items, function($v, $i) { $v.x + $i * ${number} })`,
  (name) => `$filter(${name}.items, function($v) { $v.x > 2 }).y`,
  (name) => `${name}.items@$i.tags#$p[$p = 0].{ "x": $i.x, "tag": $ }`,
  (name) => `(${name}.b > 3 ? $uppercase(${name}.s) : $lowercase(${name}.s)) ?? "none"`,
  (name, number) => `[1..${number % 20}].($ * ${name === 'a' ? 2 : 3})`,
  (name) => `$reduce(${name}.items.x, function($a, $b) { $a + $b })`,
  (name) => `$merge(${name}.items.{ y: x })`,
  (name) => `$join($split(${name}.s, " "), "-") & $substring(${name}.s, 2, 3)`,
  (name) => `${name} ~> |items|{ "z": x + 1 }, "tags"|`,
  (name) => `${name}.*.y ~> $distinct() ~> $count()`,
  (name) => `${name}.items.{ "parent": %.b, "x": x, "half": $round(x / 2, 1) }`,
  (name, number) => `( $f := function($n) { $n < 1 ? 0 : $n + $f($n - 1) }; $f(${number % 9}) + ${name}.b )`,
  (name) => `$each(${name}, function($v, $k) { $k & $type($v) })`,
];

function otherExpression(number: number): [text: string, input: unknown] {
  const name = `f${number % 53}`;
  const shape = shapes[number % shapes.length] as (name: string, number: number) => string;
  return [shape(name, number), { [name]: data(number) }];
}

/** Objects whose fields come in different orders and kinds. */
function data(number: number): unknown {
  const item = (x: number) =>
    number % 2 ? { x, y: `k${x % 3}`, tags: ['a', 'b'] } : { tags: ['c'], y: `q${x % 2}`, [`e${number % 7}`]: x, x };
  return { [`w${number % 11}`]: 1, b: number % 9, s: 'Some text here', items: [1, 2, 3, 4.5].map(item) };
}
