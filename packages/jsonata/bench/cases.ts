import { makeOrder, mapOrder, type Order, orderMapping } from './order.ts';
import { makeNumbers, makeShop, type Shop } from './shop.ts';

export interface Case {
  readonly name: string;
  readonly kind: 'mapping' | 'other';
  readonly text: string;
  readonly input: unknown;
  /** Why jsonata-js is left out. */
  readonly withoutTheirs?: string;
  /** The same in plain JavaScript. */
  // biome-ignore lint/suspicious/noExplicitAny: it is given the input, of whatever type that is
  byHand(input: any): unknown;
}

type Numbers = { readonly values: readonly number[] };

export function cases(): Case[] {
  const shop = makeShop();
  return [
    ...[10, 1000, 10_000].map((lines) => mapping(lines)),
    other('filter, map, sort of 1,000', filterSort, shop, (data: Shop) =>
      data.products
        .filter(({ price, stock }) => price > 50 && stock > 0)
        .sort((a, b) => a.price - b.price)
        .map(({ sku, price }) => ({ sku, price })),
    ),
    other('join of 200 with 50', join, shop, (data: Shop) => {
      const names = new Map(data.customers.map(({ id, name }) => [id, name]));
      return data.sales.map(({ id, customer }) => ({ sale: id, name: names.get(customer) }));
    }),
    other('sum of 2,000', '$sum(sales.lines.amount)', shop, (data: Shop) =>
      data.sales.reduce((sum, { lines }) => lines.reduce((all, { amount }) => all + amount, sum), 0),
    ),
    other('four aggregates of 1,000', aggregates, shop, aggregatesByHand),
    other('group 1,000 by category', 'products{category: $sum(price)}', shop, (data: Shop) => {
      const sums: Record<string, number> = {};
      for (const { category, price } of data.products) sums[category] = (sums[category] ?? 0) + price;
      return sums;
    }),
    other('map, filter, reduce of 1,000', lambdas, shop, (data: Shop) =>
      data.products
        .filter(({ price }) => price > 50)
        .map(({ price, stock }) => price * stock)
        .reduce((a, b) => a + b),
    ),
    other('text of 1,000', texts, shop, (data: Shop) =>
      data.products.map(
        ({ sku, stock, name }) =>
          `${(sku.split('-')[0] ?? '').toUpperCase()}/${String(stock).padStart(6, '0')} ${name.toLowerCase().slice(0, 12)}`,
      ),
    ),
    other('sort of 1,000', 'values^($)', makeNumbers(1000), sortedByHand),
    {
      ...other('sort of 100,000', 'values^($)', makeNumbers(100_000), sortedByHand),
      withoutTheirs: 'ends out of memory at 4 GB',
    },
  ];
}

function mapping(lines: number): Case {
  const input = makeOrder(lines);
  const name = `order mapping, ${lines.toLocaleString('en')} lines`;
  return { name, kind: 'mapping', text: orderMapping, input, byHand: (order: Order) => mapOrder(order) };
}

function other(name: string, text: string, input: unknown, byHand: Case['byHand']): Case {
  return { name, kind: 'other', text, input, byHand };
}

const filterSort = 'products[price > 50 and stock > 0]^(price).{ "sku": sku, "price": price }';
const join = 'sales@$s.customers@$c[$c.id = $s.customer].{ "sale": $s.id, "name": $c.name }';
const aggregates =
  '{ "least": $min(products.price), "most": $max(products.price), "mean": $average(products.price), "all": $sum(products.stock) }';
const lambdas = `$reduce(
  $map($filter(products, function($p) { $p.price > 50 }), function($p) { $p.price * $p.stock }),
  function($a, $b) { $a + $b })`;
const texts = `products.(
  $uppercase($substringBefore(sku, "-")) & "/" & $pad($string(stock), -6, "0") & " " & $substring($lowercase(name), 0, 12))`;

function aggregatesByHand({ products }: Shop): unknown {
  const prices = products.map(({ price }) => price);
  const sum = prices.reduce((a, b) => a + b, 0);
  const all = products.reduce((a, { stock }) => a + stock, 0);
  return { least: Math.min(...prices), most: Math.max(...prices), mean: sum / prices.length, all };
}

function sortedByHand({ values }: Numbers): unknown {
  return values.toSorted((a, b) => a - b);
}
