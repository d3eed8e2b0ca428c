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

  test.each(['orders', 'orders/approved', 'v1.2/orders_new/a-b', '...', ':id', 'orders/:id/lines/:line', ':id/:id2'])(
    'may stand at %s',
    (path) => {
      expect(accepts({ path })).toBe(true);
    },
  );

  test.each([
    '',
    '/orders',
    'orders/',
    'a//b',
    'a/../b',
    '..',
    './a',
    'a b',
    'a?b',
    'a%2fb',
    'ä',
    ':',
    ':1',
    'a:b',
    ':id/:id',
    'x/:id/y/:id',
  ])('may not stand at “%s”', (path) => {
    expect(accepts({ path })).toBe(false);
  });

  test.each<Json>([
    {
      scheme: 'hmac',
      header: 'X-Sig',
      prefix: 'sha256=',
      timestamp: { header: 'X-Time', signed: 'v0:{timestamp}:{body}' },
    },
    { scheme: 'standard-webhooks', tolerance: 60 },
    { scheme: 'basic', username: 'erp' },
    { scheme: 'none' },
  ])('may be signed as %j', (signature) => {
    expect(accepts({ path: 'orders', signature })).toBe(true);
  });

  test.each<Json>([
    { scheme: 'md5' },
    { scheme: 'hmac' },
    { scheme: 'hmac', header: 'X Sig' },
    { scheme: 'hmac', header: 'X-Sig', timestamp: { header: 'X-Time', signed: '{timestamp}' } },
    { scheme: 'basic', username: 'a:b' },
  ])('may not be signed as %j', (signature) => {
    expect(accepts({ path: 'orders', signature })).toBe(false);
  });

  test('refuses a setting that it does not know', () => {
    expect(accepts({ path: 'orders', secret: 'x' })).toBe(false);
  });
});
