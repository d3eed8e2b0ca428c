import { AnyJson, defineNode, Expression, emit, type Json, MillraceError, SameAsInput } from '@millrace/contract';
import Type, { type Static } from 'typebox';

const RespondConfig = Type.Object(
  {
    status: Type.Optional(
      Expression(
        Type.Integer({
          title: 'Status',
          description: 'HTTP status of the answer.',
          minimum: 200,
          maximum: 599,
          default: 200,
          examples: [201],
        }),
      ),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Expression(Type.String({ maxLength: 4000 })), {
        title: 'Headers',
        description: 'Headers of the answer; one whose expression gives nothing is left out.',
        examples: [{ 'Content-Type': 'application/xml' }],
      }),
    ),
    body: Type.Optional(
      Expression(
        Type.Unknown({
          title: 'Body',
          description:
            'Text is sent as it is, a file of the run with its content and type, anything else as JSON. Left out, nothing is sent.',
          examples: ['{% { "order_id": id } %}'],
        }),
      ),
    ),
  },
  { additionalProperties: false },
);
type RespondConfig = Static<typeof RespondConfig>;

export default defineNode({
  id: 'core/respond',
  version: 1,
  title: 'Respond',
  summary: 'Answers the request that started the run, and goes on with the same data.',
  docs: `The webhook that starts the flow must have the answer “respond”. The answer is stored together with the step and sent
after that, so that nobody is told what then did not happen. A run answers once: the first answer counts, and the same request
sent again gets it again. If it takes longer than the webhook waits, the sender gets 202 with the run's address instead. In a
run that no request started, the answer is kept and sent to nobody.

A file is sent as it is read, however large. A list is a file of JSON lines; \`core/build\` makes one JSON document of it.

Headers that belong to the connection or to the browser's session with Millrace itself (\`Content-Length\`,
\`Transfer-Encoding\`, \`Set-Cookie\` and the like) are refused.`,
  icon: 'arrow-back-up',
  config: RespondConfig,
  input: AnyJson,
  outputs: { out: SameAsInput(AnyJson) },
  effect: 'stored',
  examples: [
    {
      title: 'The number of an order that was taken',
      config: { status: 201, body: '{% { "order_id": id } %}' },
      input: { id: 'D-1001', total: 250 },
      expect: { port: 'out', data: { id: 'D-1001', total: 250 } },
    },
    {
      title: 'An XML answer',
      config: { headers: { 'Content-Type': 'application/xml' }, body: '{% "<taken>" & id & "</taken>" %}' },
      input: { id: 'D-1001' },
      expect: { port: 'out', data: { id: 'D-1001' } },
    },
    {
      title: 'A session cookie of our own address is nobody’s to set',
      config: { headers: { 'Set-Cookie': 'a=b' } },
      input: null,
      expect: { error: 'HEADER_REFUSED' },
    },
  ],
  run(input, { status, headers, body }, ctx) {
    ctx.runs.respond({ status: status ?? 200, headers: checkedHeaders(headers), body: (body ?? null) as Json });
    return emit('out', input);
  },
});

/** What the server itself says of the connection, and what would bind a browser to our own pages. */
const reserved = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-security-policy',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'service-worker-allowed',
  'set-cookie',
  'strict-transport-security',
  'clear-site-data',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function checkedHeaders(headers: RespondConfig['headers'] = {}): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (reserved.has(name.toLowerCase()))
      throw invalid('HEADER_REFUSED', `A flow cannot set the header “${name}” of its answer.`);
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw invalid('HEADER_INVALID', `Header “${name}” has a name or value that HTTP does not allow.`);
  }
  return headers;
}

function invalid(code: string, message: string): MillraceError {
  return new MillraceError(code, message, { pointer: '/headers' });
}
