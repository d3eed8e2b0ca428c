import { AnyJson, defineNode, emit, type Json } from '@millrace/contract';
import Type from 'typebox';
import type { HttpConnection } from '../http-connection/config.ts';
import { HttpRequestConfig } from './config.ts';
import { exchange } from './exchange.ts';
import { outcomeUnknown, refused } from './failure.ts';
import { requestOf } from './request.ts';
import { dataOf, outputOf } from './response.ts';
import { fileOf } from './response-file.ts';

export default defineNode<typeof HttpRequestConfig, HttpConnection | undefined>({
  id: 'core/http-request',
  version: 1,
  title: 'HTTP request',
  summary: 'Calls another system by HTTP and hands on its answer.',
  docs: `The answer leaves as \`{ "status", "headers", "body" }\`; a JSON body is parsed, an XML body becomes JSON, any
other is text, none is null. Of XML, an element is an object of its attributes (\`@name\`) and elements, a repeated one a list;
an element with neither is its text, and text beside them is under \`#text\`. Every value stays text (\`00123\`). Entities of the
document's own are refused, and nothing is loaded from elsewhere.

As a **file** the body is kept as it is, and what leaves under \`body\` tells its name, media type, size in bytes and SHA-256.
Where kinds of file are listed, the header and the first bytes must both tell the same one of them; another one fails the step
as \`FILE_TYPE_REFUSED\`.

A status that is not expected fails the step as \`HTTP_<status>\`, with the beginning of the answer in the details. Its kind
decides whether the request is tried again: 408, 503, 504 and network trouble are transient, 429 waits as long as the other
side asks, other 5xx are server errors, 401 and 403 are access, 404 is not found, every other 4xx is the data's fault.

POST, PUT, PATCH and DELETE carry an idempotency key that is the same on every retry. For a system that does not heed it,
choose what happens when an answer is lost: send again, or fail with \`OUTCOME_UNKNOWN\`. Redirects are not followed, because
a write would silently become a read and a login would reach others; answers above the limit are refused.

With a connection the address is what follows its base address, and its login and headers are sent along. An address that
leads out of the base address is refused, so that data in a path cannot lead elsewhere. GET and HEAD count as reading, and are
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
      expect: { port: 'out', data: { status: 201, headers: '*', body: { erp_order_id: 'SO-77' } } },
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
      expect: { port: 'out', data: { status: 404, headers: '*', body: { message: 'unknown customer' } } },
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
    const answer = await exchange(request, config, mayRepeat, ctx);
    if (!isExpected(answer.status, config.expect)) throw refused(request, answer, mayRepeat);
    const { as = 'data', fileTypes: types } = config;
    const asFile = async () => (await fileOf(answer, { url: request.url, types }, ctx.blobs)) as unknown as Json;
    return emit('out', await outputOf(answer, as === 'file' ? asFile : (read) => dataOf(read, ctx.tenant.slug)));
  },
});

function isExpected(status: number, expected: readonly number[] | undefined): boolean {
  return expected ? expected.includes(status) : status >= 200 && status < 300;
}
