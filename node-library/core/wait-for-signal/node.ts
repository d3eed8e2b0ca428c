import {
  AnyJson,
  Duration,
  defineNode,
  durationMs,
  Expression,
  emit,
  Failure,
  JsonataText,
  reject,
  wait,
} from '@millrace/contract';
import Type from 'typebox';

const Config = Type.Object(
  {
    channel: Expression(
      Type.String({
        title: 'Channel',
        description: 'Where the signal arrives; whoever sends it names the same.',
        minLength: 1,
        maxLength: 200,
        examples: ['approvals'],
      }),
    ),
    key: Expression(
      Type.String({
        title: 'Key',
        description: 'What tells this signal from others on the channel; only one wait may be open for it.',
        minLength: 1,
        maxLength: 500,
        examples: ['{% order.id %}'],
      }),
    ),
    dueAfter: Type.Optional(
      Expression(
        Duration({
          title: 'Overdue after',
          description: 'After this time there is an alert, and the wait goes on.',
          examples: ['PT15M'],
        }),
      ),
    ),
    expiresAfter: Type.Optional(
      Expression(
        Duration({
          title: 'Expires after',
          description: 'After this time the wait ends through “expired”.',
          examples: ['P7D'],
        }),
      ),
    ),
    check: Type.Optional(
      JsonataText({
        title: 'Check',
        description:
          'Condition over the data of the signal ($). A signal of which it is not true is refused, and the wait goes on.',
        examples: ['approved_by != ""'],
      }),
    ),
    refusal: Type.Optional(
      Type.String({
        title: 'Refusal',
        description: 'What is noted with a signal that the check refuses.',
        minLength: 1,
        maxLength: 500,
        examples: ['It does not say who approved.'],
      }),
    ),
  },
  { additionalProperties: false, dependentRequired: { refusal: ['check'] } },
);

export default defineNode({
  id: 'core/wait-for-signal',
  version: 1,
  title: 'Wait for signal',
  summary: 'Waits until a signal with the right channel and key arrives.',
  docs: `A signal comes by the API, or from a connection that is watched for them (the channel is then its id). One that comes before the wait is kept for it; one that
comes twice ends it once.`,
  icon: 'antenna',
  config: Config,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      payload: AnyJson,
      source: Type.String({ description: 'Where the signal came from.' }),
      receivedAt: Type.String({ description: 'When it came, ISO 8601.' }),
    }),
    expired: Failure(
      'WAIT_EXPIRED',
      Type.Object({ channel: Type.String(), key: Type.String(), expiredAt: Type.String() }),
    ),
  },
  effect: 'read',
  examples: [
    {
      title: 'An order waits for its approval',
      config: { channel: 'approvals', key: '{% id %}', dueAfter: 'P1D', expiresAfter: 'P7D' },
      input: { id: 'D-1001' },
      expect: { waits: 'D-1001' },
    },
  ],
  run(_input, { channel, key, dueAfter, expiresAfter }) {
    return wait({
      channel,
      key,
      ...(dueAfter !== undefined && { dueAfterMs: durationMs(dueAfter) }),
      ...(expiresAfter !== undefined && { expiresAfterMs: durationMs(expiresAfter) }),
    });
  },
  async resume({ payload, source, receivedAt }, { check, refusal = 'The check of the wait refused it.' }, ctx) {
    if (check !== undefined && (await ctx.evaluate(check, payload)) !== true) return reject(refusal);
    return emit('out', { payload, source, receivedAt: receivedAt.toISOString() });
  },
});
