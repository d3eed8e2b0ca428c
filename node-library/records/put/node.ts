import {
  AnyJson,
  defineNode,
  Expression,
  emit,
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
} from '@millrace/contract';
import Type from 'typebox';
import { RecordOutput, recordAddress, recordOutput, why } from '../record.ts';

export default defineNode({
  id: 'records/put',
  version: 1,
  title: 'Keep record',
  summary: 'Creates a record of the flow, or replaces its data.',
  docs: `The record is written in the same transaction that moves the run on: exactly once, or not at all. A record
that has this very data already stays as it is, without a new version. Its state is changed by \`records/transition\`.`,
  icon: 'database-plus',
  config: Type.Object(
    {
      ...recordAddress,
      data: Type.Optional(
        Expression(
          Type.Record(Type.String(), AnyJson, {
            title: 'Data',
            description: 'Fields of the record; the whole input where left out.',
            examples: ['{% { "order_id": id, "status": "PENDING" } %}'],
          }),
        ),
      ),
      why,
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: { out: RecordOutput },
  effect: 'stored',
  examples: [
    {
      title: 'An export is kept as pending before it is sent',
      config: {
        type: 'erp-export',
        id: '{% export_id %}',
        data: '{% { "order_id": order.id, "status": "PENDING" } %}',
      },
      input: { export_id: 'EXP-1', order: { id: 'D-1001', total: 250 } },
      expect: {
        port: 'out',
        data: { type: 'erp-export', id: 'EXP-1', version: 1, data: { order_id: 'D-1001', status: 'PENDING' } },
      },
    },
    {
      title: 'Without data the whole input is kept, in place of what was there',
      config: { type: 'supplier', id: '{% code %}' },
      input: { code: 'SUP-1', name: 'Vinhuset AB' },
      records: [{ type: 'supplier', id: 'SUP-1', data: { code: 'SUP-1', name: 'Vinhuset' } }],
      expect: {
        port: 'out',
        data: { type: 'supplier', id: 'SUP-1', version: 2, data: { code: 'SUP-1', name: 'Vinhuset AB' } },
      },
    },
  ],
  async run(input, { type, id, data, why }, ctx) {
    const fields = data === undefined ? wholeInput(input) : (data as JsonObject);
    return emit('out', recordOutput(await ctx.records.put(type, id, fields, why)));
  },
});

function wholeInput(input: Json): JsonObject {
  if (isObject(input)) return input;
  throw new MillraceError('RECORD_DATA_INVALID', 'The input is no object; say under “Data” what the record holds.', {
    pointer: '/data',
  });
}
