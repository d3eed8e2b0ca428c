import type { DocsByName } from '../functions.ts';

export const listDocs: DocsByName = {
  count: {
    parameters: 'list',
    summary: 'How many items the list has; 1 for a single value, 0 where there is none.',
    example: { expression: '$count([4, 5])', result: 2 },
  },
  append: {
    parameters: 'first, second',
    summary: 'Two lists, or values, as one list.',
    example: { expression: '$append([1, 2], 3)', result: [1, 2, 3] },
  },
  sort: {
    parameters: 'list, comesAfter?',
    summary: 'The list in order; the function says of two items whether the first comes after the second.',
    example: {
      expression: '$sort($, function($a, $b) { $a.qty > $b.qty }).sku',
      input: [
        { sku: 'B', qty: 2 },
        { sku: 'A', qty: 1 },
      ],
      result: ['A', 'B'],
    },
  },
  reverse: {
    parameters: 'list',
    summary: 'The list from its end to its start.',
    example: { expression: '$reverse([1, 2, 3])', result: [3, 2, 1] },
  },
  shuffle: {
    parameters: 'list',
    summary: 'The list in an order by chance.',
    example: { expression: '$count($shuffle([1, 2, 3]))', result: 3 },
  },
  distinct: {
    parameters: 'list',
    summary: 'The list with every value only once.',
    example: { expression: '$distinct(["A", "B", "A"])', result: ['A', 'B'] },
  },
  zip: {
    parameters: 'list, …',
    summary: 'A list of lists: the first items of all lists, then the second ones, and so on.',
    example: {
      expression: '$zip([1, 2], ["a", "b"])',
      result: [
        [1, 'a'],
        [2, 'b'],
      ],
    },
  },
  map: {
    parameters: 'list, function',
    summary: 'What the function answers for each item, its index and the whole list.',
    example: { expression: '$map([1, 2], function($n, $i) { $n * 10 + $i })', result: [10, 21] },
  },
  filter: {
    parameters: 'list, function',
    summary: 'The items that the function holds for.',
    example: { expression: '$filter([1, 2, 3], function($n) { $n > 1 })', result: [2, 3] },
  },
  single: {
    parameters: 'list, function?',
    summary: 'The one item that the function holds for; fails where there are none or several.',
    example: { expression: '$single([1, 2, 3], function($n) { $n > 2 })', result: 3 },
  },
  reduce: {
    parameters: 'list, function, start?',
    summary: 'One value of all items: the function is called with what has come so far and the next item.',
    example: { expression: '$reduce([1, 2, 3], function($sum, $n) { $sum + $n })', result: 6 },
  },
};
