import { createHmac } from 'node:crypto';
import type { Json } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, startInstance } from './test-instance.fixture.ts';
import { createSecret, deployWebhook, sendTo } from './webhook-instance.fixture.ts';

const secret = 'canary-secret-1';
const json = { 'content-type': 'application/json' };

let instance: Instance;
let connection: string;
beforeAll(async () => {
  instance = await startInstance();
  connection = await createSecret(instance, 'ERP', { current: secret });
});
afterAll(() => instance?.stop());

const parametersOf = (values: Record<string, Json>) => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { default: value }])),
});

/** Deploys a flow whose signature is set by parameters with these values. */
function deploySigned(id: string, { encoding, tolerance = 300, repeatedFor = 'PT0S' }: Record<string, Json>) {
  const signature = {
    scheme: 'hmac',
    header: 'X-ERP-Signature',
    encoding: '{% $params.encoding %}',
    tolerance: '{% $params.tolerance %}',
    bodyTime: { field: 'timestamp', repeatedFor: '{% $params.repeatedFor %}' },
  };
  const config = { path: id, signature, eventId: '{% event_id %}', dataErrors: 'bad-request' };
  const parameters = parametersOf({ encoding: encoding as Json, tolerance, repeatedFor });
  return deployWebhook(instance, id, { config, parameters, secret: connection });
}

function send(path: string, body: string | Buffer, encoding: 'hex' | 'base64' = 'hex', headers = json) {
  const signature = createHmac('sha256', secret).update(body).digest(encoding);
  return sendTo(instance, path, body as never, { ...headers, 'X-ERP-Signature': signature });
}

const eventAt = (offsetMs: number) => JSON.stringify({ timestamp: new Date(Date.now() + offsetMs).toISOString() });

describe('R-C1 a signature whose settings are parameters of the flow', () => {
  test.each(['hex', 'base64'] as const)('is read as %s where the parameter says so, and only then', async (encoding) => {
    const other = encoding === 'hex' ? 'base64' : 'hex';
    await deploySigned(`as-${encoding}`, { encoding });
    expect(await send(`as-${encoding}`, eventAt(0), encoding)).toMatchObject({ status: 202 });
    expect(await send(`as-${encoding}`, eventAt(0), other)).toMatchObject({ status: 401 });
  });

  test('is refused at deployment where a parameter has a value that it cannot have', async () => {
    expect(await deploySigned('as-runes', { encoding: 'runes' })).toMatchObject({
      status: 400,
      body: { error: { code: 'CONFIG_VALUE', pointer: expect.stringMatching('^/nodes/approved/config/signature') } },
    });
  });
});

describe('R-C1 a body that tells its own time', () => {
  beforeAll(async () => {
    await deploySigned('timed', { encoding: 'hex', tolerance: 60 });
    await deploySigned('repeated', { encoding: 'hex', tolerance: 60, repeatedFor: 'PT1H' });
  });

  test.each([
    ['timed', 0, 202],
    ['timed', -50_000, 202],
    ['timed', 50_000, 202],
    ['timed', -120_000, 401],
    ['timed', 120_000, 401],
    ['repeated', -3_600_000, 202],
    ['repeated', -3_900_000, 401],
    ['repeated', 120_000, 401],
  ])('%s, %i ms from now, is answered with %i', async (path, offset, status) => {
    expect(await send(path, eventAt(offset))).toMatchObject({ status });
  });

  test('is refused as an address that does not exist is, and starts nothing', async () => {
    const before = (await instance.call('GET', '/runs?flow=timed')).body.runs.length;
    const refused = await send('timed', eventAt(-120_000));
    expect(refused.text).toBe((await send('nowhere', eventAt(0))).text);
    expect((await instance.call('GET', '/runs?flow=timed')).body.runs).toHaveLength(before);
  });

  test.each(['{}', '[]', '{"timestamp":"yesterday"}', '{"timestamp":"2026-11-20"}', '{"timestamp":1}'])(
    'is a data error as %s',
    async (body) => {
      expect(await send('timed', body)).toMatchObject({
        status: 400,
        body: { error: { code: 'TIMESTAMP_INVALID', pointer: '/timestamp' } },
      });
    },
  );
});

describe('R-C1 a sender that knows no other refusal of data than 400', () => {
  beforeAll(() => deploySigned('plain', { encoding: 'hex' }));

  test.each<[string, string | Buffer, Record<string, string>, string]>([
    ['no JSON', '{"timestamp":', json, 'BAD_JSON'],
    ['nothing', '', json, 'BAD_JSON'],
    ['JSON that is not UTF-8', Buffer.from('{"a":"ö"}', 'latin1'), json, 'BAD_JSON'],
    ['JSON that nests too deeply', '['.repeat(300) + ']'.repeat(300), json, 'TOO_DEEP'],
    ['a text with a NUL', '{"a":"\\u0000"}', json, 'TEXT_NOT_STORABLE'],
    ['another kind of data', '<a/>', { 'content-type': 'application/xml' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['data of no kind', eventAt(0), { 'content-type': '' }, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('that sends %s gets it, with the reason', async (_what, body, headers, code) => {
    const answer = await send('plain', body, 'hex', headers as typeof json);
    expect(answer).toMatchObject({ status: 400, body: { error: { code, message: expect.any(String) } } });
  });

  test('gets it from the checks of the flow too', async () => {
    const next = {
      type: 'core/validate',
      version: 1,
      title: 'Check',
      config: { schema: { type: 'object', required: ['sku'] } },
    };
    const config = { path: 'checked', dataErrors: 'bad-request' };
    await deployWebhook(instance, 'checked', { config, next });
    expect(await sendTo(instance, 'checked', '{}', json)).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_DATA', problems: [{ pointer: '/sku' }] } },
    });
  });

  test('tells nobody else that it exists: who is not known gets 401', async () => {
    expect(await sendTo(instance, 'plain', '<a/>', { 'content-type': 'application/xml' })).toMatchObject({
      status: 401,
    });
  });
});
