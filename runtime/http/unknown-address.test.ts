import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, startInstance } from './test-instance.fixture.ts';
import { createSecret, deployWebhook, sendTo } from './webhook-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  const secret = await createSecret(instance, 'Sender', { current: 'a secret of the sender' });
  const config = { path: 'signed', signature: { scheme: 'hmac', header: 'X-Signature' }, dataErrors: 'bad-request' };
  expect(await deployWebhook(instance, 'signed', { config, secret })).toMatchObject({ status: 200 });
});
afterAll(() => instance?.stop());

const json = { 'content-type': 'application/json' };
const megabytes = 1024 * 1024;

test.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, number]>([
  ['no signature', '{}', json, 401],
  ['a wrong signature', '{}', { ...json, 'x-signature': 'ab'.repeat(32) }, 401],
  ['JSON that is none', '{', json, 401],
  ['a type that nobody takes', '<a/>', { 'content-type': 'text/xml' }, 401],
  ['a key that is too long', '{}', { ...json, 'idempotency-key': 'x'.repeat(501) }, 401],
  ['a body that is too large', ' '.repeat(17 * megabytes), json, 413],
  ['a body that becomes too large', gzipSync(' '.repeat(20 * megabytes)), { ...json, 'content-encoding': 'gzip' }, 413],
  ['a compression that is unknown', '{}', { ...json, 'content-encoding': 'compress' }, 415],
  ['a compression that is a lie', '{}', { ...json, 'content-encoding': 'gzip' }, 400],
])(
  'whoever cannot sign, and sends %s, is told the same at an address with a webhook as at any other',
  async (...given) => {
    const [, body, headers, status] = given;
    const answers = [await sendTo(instance, 'signed', body, headers), await sendTo(instance, 'nowhere', body, headers)];
    const [there, nowhere] = answers.map((answer) => ({
      status: answer.status,
      text: answer.text,
      headers: [...answer.headers].filter(([name]) => name !== 'date'),
    }));
    expect(there).toEqual(nowhere);
    expect(there?.status).toBe(status);
  },
);
