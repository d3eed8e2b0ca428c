import { AnyJson, Duration, SystemVersion } from '@millrace/contract';
import Type, { type Static } from 'typebox';

/** Ids of nodes, slots, ports and flows: stable, readable, safe in paths and expressions. */
const identifier = '^[A-Za-z][A-Za-z0-9_-]{0,63}$';
const Id = Type.String({ pattern: identifier });

export function isId(text: string): boolean {
  return new RegExp(identifier).test(text);
}

const TypeId = Type.String({ pattern: '^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$' });
const closed = { additionalProperties: false };
/** A duration in the contract's forms; its `format` would make TypeBox allow the ISO 8601 form alone. */
const Pause = Type.String({ pattern: (Duration() as { pattern?: string }).pattern ?? '' });

/** When a failed step is tried again; fields left out keep the figures of the error's category. */
export const Retry = Type.Object(
  {
    attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** Pauses between attempts; the last repeats while `until` allows, at which the last attempt is made. */
    schedule: Type.Optional(Type.Array(Pause, { minItems: 1, maxItems: 50 })),
    until: Type.Optional(Pause),
    alertAfter: Type.Optional(Pause),
  },
  closed,
);
export type Retry = Static<typeof Retry>;

export const FlowNode = Type.Object(
  {
    type: TypeId,
    version: Type.Integer({ minimum: 1 }),
    title: Type.Optional(Type.String({ maxLength: 200 })),
    /** The loop in whose body the node stands. */
    parent: Type.Optional(Id),
    connection: Type.Optional(Id),
    config: Type.Record(Type.String(), AnyJson),
    retry: Type.Optional(Retry),
  },
  closed,
);
export type FlowNode = Static<typeof FlowNode>;

export const FlowEdge = Type.Object({ from: Id, port: Type.Optional(Id), to: Id }, closed);
/** From a port of one node (the first of its outputs where none is named) to another node. */
export type FlowEdge = Static<typeof FlowEdge>;

/** What a flow does; layout, samples and tests are kept beside it. */
export const FlowDocument = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    format: Type.Literal(1),
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    /** JSON Schema of what a tenant sets when cloning; `default` holds the defaults. */
    parameters: Type.Optional(Type.Record(Type.String(), AnyJson)),
    connections: Type.Optional(Type.Record(Id, Type.Object({ type: TypeId }, closed))),
    nodes: Type.Record(Id, FlowNode),
    edges: Type.Array(FlowEdge),
    /** Node that takes the errors which no `error` edge takes. */
    onError: Type.Optional(Id),
  },
  closed,
);
export type FlowDocument = Static<typeof FlowDocument>;

/** Where the boxes stand. */
export const FlowLayout = Type.Object({
  nodes: Type.Record(Id, Type.Object({ x: Type.Number(), y: Type.Number() }, closed)),
});
export type FlowLayout = Static<typeof FlowLayout>;

/** A record type that the flow keeps: fields and life cycle as data. */
export const RecordType = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
    title: Type.String(),
    /** JSON Schema of the data. */
    schema: Type.Record(Type.String(), AnyJson),
    lifecycle: Type.Optional(
      Type.Object(
        {
          /** Field of the data that holds the state. */
          field: Type.String(),
          initial: Type.String(),
          /** State → states that may follow; a state without followers is final. */
          transitions: Type.Record(Type.String(), Type.Array(Type.String())),
          /**
           * State → field that takes the time at which a record moves to it by `records/transition`, as ISO text. The moves
           * of a sync stamp nothing: what a synced record holds, its items say.
           */
          stamps: Type.Optional(Type.Record(Type.String(), Type.String({ minLength: 1 }))),
        },
        closed,
      ),
    ),
    /** Flows that alone may write these records, by their ids; any flow where they are left out. */
    writers: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  },
  closed,
);
export type RecordType = Static<typeof RecordType>;

const Day = Type.Union([Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), Type.Null()]);

/**
 * A code table that a flow brings along: what a tenant who has no table of that name begins with. A table that is there is
 * the tenant's own, and is left as it is.
 */
export const ShippedTable = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,99}$' }),
    title: Type.String({ minLength: 1, maxLength: 200 }),
    entries: Type.Array(
      Type.Object(
        {
          key: Type.String({ minLength: 1, maxLength: 200 }),
          value: AnyJson,
          /** First day on which the entry holds, and first day on which it no longer does; open where left out. */
          validFrom: Type.Optional(Day),
          validTo: Type.Optional(Day),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type ShippedTable = Static<typeof ShippedTable>;

/** Lines of a field map, as a layer has them; what they may say is the mapping language's business. */
const Layer = Type.Array(Type.Record(Type.String(), AnyJson), { maxItems: 2000 });

/**
 * A mapping in layers: the lines that all versions of another system's data share, and those of each version over them. Over
 * both lie, in each environment, the lines of the tenant's own. Lines are laid over each other by their targets.
 */
export const LayeredMapping = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,99}$' }),
    title: Type.String({ minLength: 1, maxLength: 200 }),
    /** JSON Schema of what the mapping makes. */
    target: Type.Optional(Type.Record(Type.String(), AnyJson)),
    core: Layer,
    versions: Type.Array(Type.Object({ ...SystemVersion.properties, fields: Layer }, closed), {
      minItems: 1,
      maxItems: 100,
    }),
  },
  closed,
);
export type LayeredMapping = Static<typeof LayeredMapping>;

/** A flow with everything that belongs to it: what the folder on disk and the exported bundle hold. */
export interface FlowBundle {
  readonly flow: FlowDocument;
  readonly layout: FlowLayout;
  /** File name without `.json` → payload. */
  readonly samples: Readonly<Record<string, unknown>>;
  /** File name without `.json` → test; its shape is `FlowTest` of `test.ts`. */
  readonly tests: Readonly<Record<string, unknown>>;
  readonly records: readonly RecordType[];
  /** Code tables to begin with; none where left out. */
  readonly tables?: readonly ShippedTable[];
  /** Mappings in layers, which nodes name; none where left out. */
  readonly mappings?: readonly LayeredMapping[];
}
