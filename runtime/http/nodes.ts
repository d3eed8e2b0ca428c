import Type from 'typebox';
import { ok, route } from './route.ts';

const JsonSchema = Type.Unknown({ description: 'JSON Schema' });

const NodeDescription = Type.Object({
  kind: Type.Union([Type.Literal('node'), Type.Literal('trigger')]),
  id: Type.String(),
  version: Type.Integer(),
  title: Type.String(),
  summary: Type.String(),
  docs: Type.Optional(Type.String({ description: 'Markdown' })),
  icon: Type.String({ description: 'Name of a Tabler icon' }),
  connection: Type.Optional(Type.String({ description: 'Connection type that it needs' })),
  config: JsonSchema,
  input: Type.Optional(JsonSchema),
  outputs: Type.Record(Type.String(), JsonSchema),
  portsFrom: Type.Optional(Type.Object({ list: Type.String(), field: Type.String() })),
  effect: Type.Optional(Type.String()),
  examples: Type.Array(Type.Unknown()),
});

const ConnectionDescription = Type.Object({
  id: Type.String(),
  title: Type.String(),
  summary: Type.String(),
  config: JsonSchema,
  hasDefault: Type.Boolean({ description: 'A slot of this type may be left unbound' }),
});

export const nodeRoutes = [
  route({
    method: 'get',
    path: '/nodes',
    action: 'catalogue.read',
    tag: 'Catalogue',
    summary: 'Every node, trigger and connection type of the instance',
    answers: {
      200: {
        description: 'As data: forms, palette and reference are made from it',
        schema: Type.Object({ nodes: Type.Array(NodeDescription), connections: Type.Array(ConnectionDescription) }),
      },
    },
    handle: (_call, { types }) => ok(types),
  }),
];
