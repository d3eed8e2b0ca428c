import { AnyJson, Duration } from '@millrace/contract';
import { FieldMap } from '@millrace/mapping';
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false };
const Partial = Type.Record(Type.String(), AnyJson);

/** What starts a run: a sample of the flow with changes (JSON Merge Patch, RFC 7396), or a payload of its own. */
const Trigger = Type.Object(
  {
    node: Type.Optional(Type.String()),
    sample: Type.Optional(Type.String()),
    patch: Type.Optional(AnyJson),
    payload: Type.Optional(AnyJson),
    /** What `$trigger` shows besides the payload: `params`, `query` and `headers` of a webhook. */
    meta: Type.Optional(Partial),
    /** JSON Pointer → when it was or will be at that place, from the trigger's arrival on; with `-` in front, before it. */
    times: Type.Optional(Type.Record(Type.String(), Type.String({ pattern: '^-?[P\\d]' }))),
  },
  closed,
);

const MockedError = Type.Object(
  {
    category: Type.String(),
    code: Type.String(),
    message: Type.Optional(Type.String()),
    details: Type.Optional(AnyJson),
  },
  closed,
);
const Outcome = Type.Object(
  { port: Type.Optional(Type.String()), output: Type.Optional(AnyJson), error: Type.Optional(MockedError) },
  closed,
);
/** In place of the node: one outcome for every attempt, one per attempt, or a signal for a node that waits. */
const Mock = Type.Union([
  Outcome,
  Type.Array(Outcome, { minItems: 1 }),
  Type.Object({ signal: AnyJson, after: Type.Optional(Duration()) }, closed),
]);

/** Objects match by the fields they name, lists element by element, `"*"` matches anything that is there. */
const Expectation = Type.Object(
  {
    outcome: Type.Optional(
      Type.Union(['succeeded', 'failed', 'cancelled', 'waiting', 'duplicate'].map((name) => Type.Literal(name))),
    ),
    /** Node ids in the order in which they were first run. */
    path: Type.Optional(Type.Array(Type.String())),
    steps: Type.Optional(Type.Record(Type.String(), Partial)),
    error: Type.Optional(Partial),
    output: Type.Optional(AnyJson),
    /** `status`, `headers` and `body` of what the run says to the request that started it. */
    answer: Type.Optional(Partial),
  },
  closed,
);

/** One test of a flow: a file in its `tests/` folder. Times are durations since the test's beginning. */
export const FlowTest = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    trigger: Trigger,
    params: Type.Optional(Partial),
    /** Record type → id → data of the records that there are before anything happens. */
    records: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Partial))),
    mocks: Type.Optional(Type.Record(Type.String(), Mock)),
    /** Mapping in layers → lines of the tenant's own that lie over it. */
    mappings: Type.Optional(Type.Record(Type.String(), FieldMap)),
    /** Slot → which of the connection type's sandboxes plays the other system; the first where none is named. */
    sandboxes: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** Slot → what the other system does, and when; the acts are those of the connection type's sandbox. */
    sandbox: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.Object({ at: Duration(), act: AnyJson }, closed))),
    ),
    /** Further triggers, each with what is expected of its run. */
    further: Type.Optional(
      Type.Array(Type.Object({ at: Duration(), trigger: Trigger, expect: Type.Optional(Expectation) }, closed)),
    ),
    expect: Type.Object(
      {
        ...Expectation.properties,
        /** Record type → its records, oldest first. */
        records: Type.Optional(Type.Record(Type.String(), Type.Array(Partial))),
        /** Every signal that was received, in order. */
        signals: Type.Optional(Type.Array(Partial)),
        alerts: Type.Optional(Type.Array(Partial)),
        /** Slot → state of its sandbox at the end. */
        sandbox: Type.Optional(Type.Record(Type.String(), AnyJson)),
      },
      closed,
    ),
  },
  closed,
);
export type FlowTest = Static<typeof FlowTest>;
export type Trigger = Static<typeof Trigger>;
export type Expectation = Static<typeof Expectation>;
