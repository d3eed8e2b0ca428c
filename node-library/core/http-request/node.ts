import { AnyJson, defineNode, emit, type Json, type JsonObject, type NodeContext } from '@millrace/contract';
import Type from 'typebox';
import type { HttpConnection } from '../http-connection/config.ts';
import { HttpRequestConfig } from './config.ts';
import { type Answering, exchange } from './exchange.ts';
import { outcomeUnknown, refused } from './failure.ts';
import { requestOf } from './request.ts';
import { dataOf, readResponse, shownHeaders } from './response.ts';
import { keepAsFile } from './response-file.ts';

export default defineNode<typeof HttpRequestConfig, HttpConnection | undefined>({
  id: 'core/http-request',
  version: 1,
  title: 'HTTP request',
  summary: 'Calls another system by HTTP and hands on its answer.',
  docs: `The answer leaves as \`{ "status", "headers", "body", "sentAt" }\`; a JSON body is parsed, an XML body becomes JSON, any
other is text, none is null. Of XML, an element is an object of its attributes (\`@name\`) and elements, a repeated one a list;
an element with neither is its text, and text beside them is under \`#text\`. Every value stays text (\`00123\`). Entities of the
document's own are refused, and nothing is loaded from elsewhere. \`sentAt\` is when the request that was answered was sent:
what the answer says may be of that moment or later.

Kept **as a file**, the answer goes into the payload store as it comes, whatever its length, and \`body\` is the file, with its
name, media type, size in bytes and SHA-256: a parse reads it, an object store keeps it. An answer that breaks off is no answer.
Where kinds of file are listed, the header and the first bytes must both tell the same one of them; another one fails the step
as \`FILE_TYPE_REFUSED\`, one without any bytes always as \`FILE_EMPTY\`.

A status that is not expected fails the step as \`HTTP_<status>\`, with the beginning of the answer in the details. Its kind
decides whether the request is tried again: 408, 503, 504 and network trouble are transient, 429 waits as long as the other
side asks, other 5xx are server errors, 401 and 403 are access, 404 is not found, every other 4xx is the data's fault.

POST, PUT, PATCH and DELETE carry an idempotency key that is the same on every retry. For a system that does not heed it,
choose what happens when an answer is lost: send again, or fail with \`OUTCOME_UNKNOWN\`. Redirects are not followed, because
a write would silently become a read and a login would reach others; answers above the limit are refused.

With a connection the address is what follows its base address, and its login and headers are sent along. An address that
leads out of the base address is refused, so that data in a path cannot lead elsewhere; where addresses elsewhere are allowed,
it is called without login and headers. GET and HEAD count as reading, and are
simply repeated after a crash.`,
  icon: 'world-upload',
  connection: 'core/http',
  connectionOptional: true,
  config: HttpRequestConfig,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      status: Type.Integer(),
      headers: Type.Record(Type.String(), Type.String()),
      body: AnyJson,
      sentAt: Type.String({ format: 'date-time' }),
    }),
  },
  effect: 'unsafe-write',
  effectOf: ({ method = 'GET' }) => (method === 'GET' || method === 'HEAD' ? 'read' : 'unsafe-write'),
  examples: [
    {
      title: 'An order is posted as JSON',
      config: { method: 'POST', url: 'https://erp.example.com/api/orders', body: '{% $ %}' },
      input: { id: 'D-1001', total: 250 },
      http: { status: 201, body: { erp_order_id: 'SO-77' } },
      expect: { port: 'out', data: { status: 201, headers: '*', body: { erp_order_id: 'SO-77' }, sentAt: '*' } },
    },
    {
      title: 'A missing customer is an answer too, where 404 is expected',
      config: {
        url: '{% "https://erp.example.com/api/customers/" & $encodeUrlComponent(customer) %}',
        query: { fields: 'id,name' },
        expect: [200, 404],
      },
      input: { customer: 'CUST/4711' },
      http: { status: 404, body: { message: 'unknown customer' } },
      expect: { port: 'out', data: { status: 404, headers: '*', body: { message: 'unknown customer' }, sentAt: '*' } },
    },
    {
      title: 'A list of any length is kept as a file',
      config: { url: 'https://erp.example.com/api/stock', as: 'file', timeout: 'PT30M' },
      input: null,
      http: { status: 200, body: [{ sku: 'A-1', qty: 40 }] },
      expect: {
        port: 'out',
        data: {
          status: 200,
          headers: '*',
          body: { blob: '*', name: 'stock', mediaType: 'application/json', bytes: 24, sha256: '*' },
          sentAt: '*',
        },
      },
    },
    {
      title: 'Data that the other side refuses fails the step',
      config: { method: 'POST', url: 'https://erp.example.com/api/orders', body: '{% $ %}' },
      input: { id: 'D-1001', lines: [] },
      http: { status: 422, body: { message: 'an order needs lines' } },
      expect: { error: 'HTTP_422' },
    },
  ],
  async run(_input, config, ctx) {
    const request = requestOf(config, ctx.idempotencyKey(), ctx.connection.config);
    const mayRepeat = !request.writes || config.whenUnknown !== 'fail';
    if (ctx.repeated && !mayRepeat) throw outcomeUnknown(request);
    const sentAt = ctx.clock.now().toISOString();
    const output = await exchange(request, { ...config, mayRepeat }, ctx, async (answer) => {
      if (isExpected(answer.status, config.expect)) return outputOf(answer, request.url, config, ctx);
      throw refused(request, await readResponse(answer), mayRepeat);
    });
    return emit('out', { ...output, sentAt });
  },
});

function isExpected(status: number, expected: readonly number[] | undefined): boolean {
  return expected ? expected.includes(status) : status >= 200 && status < 300;
}

async function outputOf(
  answer: Answering,
  url: URL,
  { as = 'data', maxMegabytes, fileTypes: types }: HttpRequestConfig,
  { blobs, tenant }: Pick<NodeContext, 'blobs' | 'tenant'>,
): Promise<JsonObject> {
  const body =
    as === 'file'
      ? ((await keepAsFile(answer, { url, types, megabytes: maxMegabytes }, blobs)) as unknown as Json)
      : await dataOf(await readResponse(answer, maxMegabytes), tenant.slug);
  return { status: answer.status, headers: shownHeaders(answer.headers), body };
}
