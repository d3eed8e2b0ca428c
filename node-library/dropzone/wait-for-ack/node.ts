import {
  AnyJson,
  Duration,
  defineNode,
  durationMs,
  Expression,
  emit,
  Failure,
  isObject,
  type JsonObject,
  MillraceError,
  type NodeContext,
  reject,
  type Signal,
  wait,
} from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { isDateTime } from '../ack/time.ts';
import type { DropzoneConfig } from '../connection/config.ts';
import { belongsElsewhere } from './attempt.ts';

const Config = Type.Object(
  {
    correlation: Expression(
      Type.String({
        title: 'Draft order id',
        description: 'The id that the ack file carries in its name.',
        minLength: 1,
        examples: ['{% $steps.document.draft_order_id %}'],
      }),
    ),
    stamp: Type.Optional(
      Expression(
        Type.String({
          title: 'Timestamp of the delivered file',
          description: 'As in its name; tells the acks of several attempts at one order apart.',
          examples: ['20251227T100000Z'],
        }),
      ),
    ),
    dueAfter: Type.Optional(Expression(Duration({ title: 'Overdue after', examples: ['PT15M'] }))),
    expiresAfter: Type.Optional(Expression(Duration({ title: 'Expires after', examples: ['P7D'] }))),
  },
  { additionalProperties: false },
);
type Config = Static<typeof Config>;

const processed = {
  processed_at: Type.String({ description: 'When the ERP processed the order, ISO 8601.' }),
  file: Type.String({ description: 'Name of the ack file.' }),
};

export const waitForAck = defineNode<typeof Config, DropzoneConfig>({
  id: 'dropzone/wait-for-ack',
  version: 1,
  title: 'Wait for ack',
  summary: 'Waits until the ERP answers an order with an ack file in the dropzone.',
  docs: `An \`ack_sales_order_<id>_<timestamp>.json\` with status ACKED leaves through \`acked\`, an
\`error_sales_order_<id>_<timestamp>.json\` with status FAILED through \`refused\`. An ack of an earlier attempt at the same
order never ends a later one: it is told by the timestamp in its name or, where the ERP uses its own clock there, by
\`processed_at\`.`,
  icon: 'mail-check',
  connection: 'dropzone/folder-or-sftp',
  config: Config,
  input: AnyJson,
  outputs: {
    acked: Type.Object({ erp_order_id: Type.String(), ...processed }),
    refused: Failure('ACK_REFUSED', Type.Object({ error_code: Type.String(), message: Type.String(), ...processed })),
    expired: Failure(
      'WAIT_EXPIRED',
      Type.Object({ channel: Type.String(), key: Type.String(), expiredAt: Type.String() }),
    ),
  },
  effect: 'read',
  examples: [
    {
      title: 'Wait for the ack of an order',
      config: { correlation: '4711', stamp: '20251227T100000Z', dueAfter: 'PT15M', expiresAfter: 'P7D' },
      input: {},
      expect: { waits: '4711' },
    },
  ],
  run(_input, config, ctx) {
    return wait({
      channel: ctx.connection.id,
      key: config.correlation,
      ...(config.dueAfter !== undefined && { dueAfterMs: milliseconds(config.dueAfter, '/dueAfter') }),
      ...(config.expiresAfter !== undefined && { expiresAfterMs: milliseconds(config.expiresAfter, '/expiresAfter') }),
      detail: { ...(config.stamp !== undefined && { stamp: config.stamp }) },
    });
  },
  async resume(signal, config, ctx) {
    const answer = answerOf(signal);
    if (answer === undefined)
      return reject('It is no ack: an answer of ACKED with “erp_order_id”, or FAILED with “error_code”.');
    const elsewhere = belongsElsewhere(answer.origin, await attemptOf(config, ctx));
    return elsewhere === undefined ? emit(answer.port, answer.data) : reject(elsewhere);
  },
});

function milliseconds(text: string, pointer: string): number {
  try {
    return durationMs(text);
  } catch (cause) {
    throw new MillraceError('INVALID_DURATION', `“${text}” is not a duration such as PT15M or 15m.`, {
      pointer,
      cause,
    });
  }
}

async function attemptOf({ stamp }: Config, { run, earlierWaits }: NodeContext<DropzoneConfig>) {
  const earlier = await earlierWaits();
  return { startedMs: run.startedAt.getTime(), earlier, ...(stamp !== undefined && { stamp }) };
}

/**
 * What a signal answers. Those of the watch are whole; one sent by hand or by a flow's test may leave out the file, its
 * stamp, the message and the time, which is then that of its arrival.
 */
function answerOf(signal: Signal) {
  if (!isObject(signal.payload)) return undefined;
  const { status, stamp, ...fields } = signal.payload;
  const processed_at = textOr(fields.processed_at, signal.receivedAt.toISOString());
  const data = outcomeOf(status, fields, { processed_at, file: textOr(fields.file, signal.source) });
  if (data === undefined || !isDateTime(processed_at)) return undefined;
  const origin = { processedAt: processed_at, ...(typeof stamp === 'string' && { stamp }) };
  return { ...data, origin };
}

function outcomeOf(status: unknown, { erp_order_id, error_code, message }: JsonObject, processed: JsonObject) {
  if (status === 'ACKED' && typeof erp_order_id === 'string')
    return { port: 'acked', data: { erp_order_id, ...processed } };
  if (status !== 'FAILED' || typeof error_code !== 'string') return undefined;
  return { port: 'refused', data: { error_code, message: textOr(message, error_code), ...processed } };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
