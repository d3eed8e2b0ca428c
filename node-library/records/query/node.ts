import { AnyJson, defineNode, emit } from '@millrace/contract';
import Type from 'typebox';
import { RecordOutput, recordOutput } from '../record.ts';
import { conditionsOf } from './conditions.ts';
import { QueryConfig } from './config.ts';

export default defineNode({
  id: 'records/query',
  version: 1,
  title: 'Find records',
  summary: 'Reads the records of a type that fit some conditions, page by page.',
  docs: `Emits \`{ "records": […], "next": … }\`; \`next\` is the cursor of the following page, null on the last one. Sees what the
run itself has written. Numbers are compared exactly, whatever their digits; texts by their characters. A bound fits only fields
of its own kind, and a condition never fits a record that lacks the field. Conditions of equality are found by an index.

A condition whose expression gives nothing fails the step with \`CONDITION_EMPTY\`: it would otherwise fit every record.`,
  icon: 'database-search',
  config: QueryConfig,
  input: AnyJson,
  outputs: {
    out: Type.Object({ records: Type.Array(RecordOutput), next: Type.Union([Type.String(), Type.Null()]) }),
  },
  effect: 'read',
  examples: [
    {
      title: 'The large open orders of a country',
      config: {
        type: 'order',
        where: [
          { field: 'customer.country', equals: '{% country %}' },
          { field: 'total', atLeast: 100 },
        ],
        states: ['OPEN'],
      },
      input: { country: 'SE' },
      records: [
        { type: 'order', id: 'D-1', data: { customer: { country: 'SE' }, total: 250, status: 'OPEN' } },
        { type: 'order', id: 'D-2', data: { customer: { country: 'SE' }, total: 20, status: 'OPEN' } },
        { type: 'order', id: 'D-3', data: { customer: { country: 'NO' }, total: 250, status: 'OPEN' } },
        { type: 'order', id: 'D-4', data: { customer: { country: 'SE' }, total: 300, status: 'DONE' } },
      ],
      expect: {
        port: 'out',
        data: {
          records: [
            { type: 'order', id: 'D-1', version: 1, data: { customer: { country: 'SE' }, total: 250, status: 'OPEN' } },
          ],
          next: null,
        },
      },
    },
    {
      title: 'A condition without a value is refused',
      config: { type: 'order', where: [{ field: 'customer.country', equals: '{% county %}' }] },
      input: { country: 'SE' },
      expect: { error: 'CONDITION_EMPTY' },
    },
  ],
  async run(_input, { type, where = [], limit = 100, cursor, ...options }, ctx) {
    const page = await ctx.records.query(type, {
      ...options,
      where: conditionsOf(where, 'where'),
      limit,
      ...(typeof cursor === 'string' && { cursor }),
    });
    return emit('out', { records: page.records.map(recordOutput), next: page.next ?? null });
  },
});
