import { authoringSchema, type Json } from '@millrace/contract';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import webhook from './trigger.ts';

const accepts = (config: Json) => schemaProblems(authoringSchema(webhook.config), config).length === 0;

describe('a webhook', () => {
  test('takes POST at its path where no method is named', () => {
    expect(webhook.activation({ path: 'orders/approved' })).toEqual({
      kind: 'route',
      method: 'POST',
      path: 'orders/approved',
    });
  });

  test('takes PUT where it is asked for', () => {
    expect(webhook.activation({ path: 'stock', method: 'PUT' })).toMatchObject({ method: 'PUT' });
  });

  test.each(['orders', 'orders/approved', 'v1.2/orders_new/a-b', '...'])('may stand at %s', (path) => {
    expect(accepts({ path })).toBe(true);
  });

  test.each(['', '/orders', 'orders/', 'a//b', 'a/../b', '..', './a', 'a b', 'a?b', 'a%2fb', 'ä'])(
    'may not stand at “%s”',
    (path) => {
      expect(accepts({ path })).toBe(false);
    },
  );

  test('refuses a setting that it does not know', () => {
    expect(accepts({ path: 'orders', secret: 'x' })).toBe(false);
  });
});
