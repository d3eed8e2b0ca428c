import { AnyJson, defineNode, Expression, emit } from '@millrace/contract';
import Type from 'typebox';
import { make } from '../map/make.ts';

const Made = Type.Object({
  data: AnyJson,
  version: Type.String({ description: 'Of the other system’s data, by which it was made' }),
  status: Type.Enum(['ACTIVE', 'DEPRECATED']),
  warning: Type.Optional(Type.String({ description: 'One sentence, where it is not what was asked for or ends soon' })),
});

export default defineNode({
  id: 'core/map-by-version',
  version: 1,
  title: 'Map by version',
  summary: 'Makes new data out of the input by a mapping in layers, for the version that the other system speaks.',
  docs: `The mapping is a part of the flow: \`mappings/<name>.json\` in its folder. It has lines that all versions share, lines of
each version over them, and in each environment a tenant's own over both. Lines are laid over each other by their targets.

Without a version the latest active one serves. One that is not there, or is retired, gives the nearest one below it that
begins with the same number, with a warning; where there is none the step fails with \`MAPPING_VERSION_UNSUPPORTED\`, and the
details name those that are. A deprecated version serves until the day of its sunset, with a warning.

What the mapping makes is in \`data\`. It must fit the mapping's target, as with \`core/map\`.`,
  icon: 'versions',
  config: Type.Object(
    {
      mapping: Type.String({
        title: 'Mapping',
        description: 'Name of a mapping in layers of this flow.',
        format: 'mapping-name',
        minLength: 1,
        examples: ['requisition'],
      }),
      version: Type.Optional(
        Expression(
          Type.Union([Type.String(), Type.Null()], {
            title: 'Version',
            description: 'Of the other system’s data, such as 2.3; the latest active one where it has no value.',
            examples: ['{% mapping_version %}'],
          }),
        ),
      ),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: { out: Made },
  // It reads the tenant's own lines, which change.
  effect: 'read',
  examples: [
    {
      title: 'A requisition in the version that the ship’s system names',
      config: { mapping: 'requisition', version: '{% mapping_version %}' },
      input: { mapping_version: '2.3', requisition_id: 'R-100' },
      mappings: { requisition: { version: '2.3', status: 'ACTIVE', text: '{ "externalRef": requisition_id }' } },
      expect: { port: 'out', data: { data: { externalRef: 'R-100' }, version: '2.3', status: 'ACTIVE' } },
    },
  ],
  async run(input, { mapping, version }, ctx) {
    const { text, target, ...chosen } = await ctx.mapping(mapping, version ?? undefined);
    if (chosen.warning !== undefined) ctx.log.warn(chosen.warning, { mapping });
    return emit('out', { data: await make(text, target, input, ctx), ...chosen });
  },
});
