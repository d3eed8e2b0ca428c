import type { Json } from '@millrace/contract';
import {
  anyData,
  type Binding,
  type Environment,
  either,
  objectBy,
  ofKind,
  perhaps,
  type Shape,
  shapeOfSchema,
  unknownData,
} from '@millrace/jsonata/language';
import { hostKnowledge } from './functions/knowledge.ts';

/** JSON Schemas of which data fits one; without any, nothing is known of it. */
export type Schemas = readonly Json[] | undefined;

/** What is known of what an expression of a flow reads. */
export interface Sources {
  /** `$` */
  readonly input?: Schemas;
  /** `$trigger.body` */
  readonly trigger?: Schemas;
  /** `$steps.<node>` */
  output(node: string): Schemas;
  /** JSON Schema of `$params`. */
  readonly params?: Json | undefined;
  /** The nodes that come before, which editors propose. */
  readonly steps?: readonly string[];
  /** Names that are bound besides `$params`, `$run` and `$tenant`; all that a flow knows unless it is told. */
  readonly names?: readonly string[];
}

/** The same as the language has it. */
export function environmentOf(sources: Sources): Environment {
  const { names = Object.keys(somewhere) } = sources;
  const bound = [...Object.entries(everywhere), ...Object.entries(somewhere).filter(([name]) => names.includes(name))];
  return {
    input: shapeOfAny(sources.input),
    bindings: Object.fromEntries(bound.map(([name, binding]) => [name, binding(sources)])),
    functions: hostKnowledge,
    mayBacktrack: true,
  };
}

type Bindings = Readonly<Record<string, (sources: Sources) => Binding>>;

const everywhere: Bindings = {
  params: ({ params }) => ({ shape: parameters(params), summary: 'Parameters of the flow.' }),
  run: () => ({ shape: run, summary: 'The run: its id and when it started.' }),
  tenant: () => ({ shape: tenant, summary: 'Whose run it is, and the time zone there.' }),
};

/** Names that have a value at some nodes only. */
const somewhere: Bindings = {
  trigger: ({ trigger }) => ({
    shape: objectBy(['body'], (name) => (name === 'body' ? shapeOfAny(trigger) : unknownData)),
    summary: 'What started the run: the payload as body, and what came with it.',
  }),
  steps: ({ steps = [], output }) => ({
    shape: objectBy(steps, (node) => perhaps(shapeOfAny(output(node)))),
    summary: 'What the nodes before have given, by their id.',
  }),
  error: () => ({ shape: error, summary: 'Why the step failed after which this one comes.' }),
  item: () => ({ shape: unknownData, summary: 'The item of the loop.' }),
  index: () => ({ shape: ofKind('number'), summary: 'Its place in the list, from 0.' }),
};

const text: Json = { type: 'string' };
const run = shapeOfSchema({
  type: 'object',
  required: ['id', 'startedAt', 'connections'],
  properties: { id: text, startedAt: text, connections: { type: 'object', additionalProperties: text } },
});
const tenant = shapeOfSchema({
  type: 'object',
  required: ['id', 'slug', 'timeZone'],
  properties: { id: text, slug: text, timeZone: text },
});
/** `ErrorData` of the contract. */
const error = shapeOfSchema({
  type: 'object',
  required: ['category', 'code', 'message'],
  properties: {
    category: text,
    code: text,
    message: text,
    pointer: text,
    problems: {
      type: 'array',
      items: { type: 'object', properties: { code: text, pointer: text, message: text, hint: text } },
    },
    details: {},
    retryAfter: { type: 'number' },
  },
});

function shapeOfAny(schemas: Schemas): Shape {
  const [first, ...others] = schemas?.map(shapeOfSchema) ?? [];
  return first ? others.reduce(either, first) : anyData;
}

/** A parameter that need not be set may have a default. */
function parameters(schema: Json | undefined): Shape {
  const shape = schema === undefined ? unknownData : shapeOfSchema(schema);
  const member = (name: string) => {
    const declared = shape.member(name);
    return { ...declared, shape: perhaps(declared.shape) };
  };
  const { core, parts, ...own } = shape;
  return { ...own, member };
}
