import { expect, test } from 'vitest';
import { s3FromUrl } from './from-url.ts';

test.each([
  ['s3://orders', { bucket: 'orders', region: 'us-east-1' }],
  ['s3://orders/a/b/', { bucket: 'orders', region: 'us-east-1', prefix: 'a/b/' }],
  [
    's3://key:sec%2Fret@orders/?region=eu-north-1&endpoint=https://minio.example.com:9000&pathStyle=true',
    {
      bucket: 'orders',
      region: 'eu-north-1',
      endpoint: 'https://minio.example.com:9000',
      forcePathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'sec/ret' },
    },
  ],
])('%s', (text, config) => {
  expect(s3FromUrl(text)).toEqual(config);
});

test.each([
  ['https://orders', '/bucket'],
  ['s3://', '/bucket'],
  ['s3://orders?zone=1', '/zone'],
  ['s3://orders?endpoint=file:///etc', '/endpoint'],
  ['s3://orders?pathStyle=yes', '/forcePathStyle'],
  ['s3://key@orders', '/secretAccessKey'],
  ['s3://:canary@orders', '/secretAccessKey'],
  ['s3://key:canary%zz@orders', '/secretAccessKey'],
])('%s is refused, naming the field and not the secret', (text, pointer) => {
  expect(() => s3FromUrl(text)).toThrow(expect.objectContaining({ code: 'BAD_CONNECTION_TEXT', options: { pointer } }));
  expect(() => s3FromUrl(text)).not.toThrow('canary');
});
