import {
  AnyJson,
  Duration,
  defineNode,
  durationMs,
  type ErrorData,
  Expression,
  emit,
  Failure,
  fail,
  isObject,
  type Json,
  type Reject,
  type Result,
  reject,
  wait,
} from '@millrace/contract';
import Type from 'typebox';

const Config = Type.Object(
  {
    flow: Expression(
      Type.String({
        title: 'Flow',
        description: 'Id of the flow; its version that is deployed in the same environment is called.',
        minLength: 1,
        maxLength: 200,
        examples: ['order-export'],
        format: 'flow-id',
      }),
    ),
    payload: Expression(
      Type.Unknown({
        title: 'Data',
        description: 'What the flow gets from its trigger; {% $ %} is the input itself.',
        examples: ['{% order %}'],
      }),
    ),
    wait: Type.Optional(
      Type.Boolean({
        title: 'Wait for its end',
        description:
          'Without waiting the step goes on at once with the id of the run, and never learns what became of it.',
        default: true,
        examples: [false],
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
          description: 'After this time the wait ends through “expired”; the called run goes on.',
          examples: ['P1D'],
        }),
      ),
    ),
  },
  {
    additionalProperties: false,
    not: {
      properties: { wait: { const: false } },
      required: ['wait'],
      anyOf: [{ required: ['dueAfter'] }, { required: ['expiresAfter'] }],
    },
  },
);

export default defineNode({
  id: 'core/call-flow',
  version: 1,
  title: 'Call flow',
  summary: 'Runs another flow with data of this one, and goes on with what it gives.',
  docs: `The called flow begins at its trigger “By hand” and runs by itself, with a history of its own. What its run gives is the
output of this step; when it fails, this step fails with the same error. However often this step is repeated, it calls
once.

Without waiting the step gives \`{ "run": … }\`.`,
  icon: 'arrow-ramp-right',
  config: Config,
  input: AnyJson,
  outputs: {
    out: AnyJson,
    expired: Failure(
      'WAIT_EXPIRED',
      Type.Object({ channel: Type.String(), key: Type.String(), expiredAt: Type.String() }),
    ),
  },
  effect: 'stored',
  examples: [
    {
      title: 'Export an order, and wait until it has been',
      config: { flow: 'order-export', payload: '{% order %}' },
      input: { order: { id: 'D-1001' } },
      expect: { waits: 'run-of-order-export' },
    },
    {
      title: 'Tell the warehouse, and go on',
      config: { flow: 'notify-warehouse', payload: '{% $ %}', wait: false },
      input: { id: 'D-1001' },
      expect: { port: 'out', data: { run: 'run-of-notify-warehouse' } },
    },
  ],
  async run(_input, { flow, payload, wait: waits = true, dueAfter, expiresAfter }, { runs }) {
    const run = await runs.call(flow, payload as Json, { detached: !waits });
    if (!waits) return emit('out', { run });
    return wait({
      channel: 'run',
      key: run,
      ...(dueAfter !== undefined && { dueAfterMs: durationMs(dueAfter) }),
      ...(expiresAfter !== undefined && { expiresAfterMs: durationMs(expiresAfter) }),
    });
  },
  resume: ({ payload }) => outcomeOf(payload),
});

/** What a called run's end means: `{ status, output, error }`. */
function outcomeOf(payload: Json): Result | Reject {
  const { status, output = null, error } = isObject(payload) ? payload : {};
  if (status === 'succeeded') return emit('out', output);
  if (status === 'cancelled') return fail(cancelled);
  if (status === 'failed' && isError(error)) return fail(error as unknown as ErrorData);
  return reject('It does not say how a run ended.');
}

const cancelled: ErrorData = {
  category: 'cancelled',
  code: 'CALLED_RUN_CANCELLED',
  message: 'The run of the called flow was cancelled.',
};

function isError(error: Json | undefined): boolean {
  return isObject(error) && ['category', 'code', 'message'].every((name) => typeof error[name] === 'string');
}
