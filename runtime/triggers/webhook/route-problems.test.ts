import { expect, test } from 'vitest';
import { routeProblems } from './route-problems.ts';

const route = (path: string, method = 'POST', node = 'in') => ({ method, path, node });
const messages = (...args: Parameters<typeof routeProblems>) => routeProblems(...args).map(({ message }) => message);

test('an address with the same parameters in the same places is taken, whatever they are called', () => {
  const others = [{ ...route('orders/:number'), by: 'intake' }];
  expect(routeProblems([route('orders/:id')], others)).toEqual([
    {
      code: 'ROUTE_TAKEN',
      pointer: '/nodes/in/config/path',
      message: 'POST orders/:id is served by the flow “intake” already.',
      hint: 'Choose another path.',
    },
  ]);
});

test('addresses that cross are refused, since no path may be served by chance', () => {
  expect(messages([route('a/:x')], [{ ...route(':y/b'), by: 'intake' }])).toEqual([
    'Some paths fit both POST a/:x and :y/b, which is served by the flow “intake”.',
  ]);
  expect(messages([route('a/:x'), route(':y/b')], [])).toEqual([
    'Some paths fit both POST :y/b and a/:x, which is served by another trigger of this flow.',
  ]);
});

test('a narrower address beside a wider one is fine, and so is the same one for another method', () => {
  const others = [{ ...route('orders/:id'), by: 'intake' }];
  expect(messages([route('orders/approved'), route('orders/:id', 'PUT')], others)).toEqual([]);
});
