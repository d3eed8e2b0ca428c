import { expect, test } from 'vitest';
import { idOf } from './new-flow.ts';

test('R-X4 a new flow gets an id of its own from its name', () => {
  expect(idOf('Orders to the ERP', [])).toBe('orders-to-the-erp');
  expect(idOf('Überträge 2026', [])).toBe('ubertrage-2026');
  expect(idOf('Orders', ['orders', 'orders-2'])).toBe('orders-3');
  expect(idOf('2026 …', [])).toBe('flow');
  expect(idOf('x'.repeat(200), []).length).toBeLessThanOrEqual(64);
});
