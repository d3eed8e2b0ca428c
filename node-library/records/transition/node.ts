import { AnyJson, defineNode, Expression, emit, type JsonObject } from '@millrace/contract';
import Type from 'typebox';
import { RecordOutput, recordAddress, recordOutput, why } from '../record.ts';

export default defineNode({
  id: 'records/transition',
  version: 1,
  title: 'Move record',
  summary: 'Moves a record along its life cycle, and sets fields with it.',
  docs: `What may follow what is part of the record type. A move that it does not allow fails with
\`TRANSITION_FORBIDDEN\`, naming what is allowed; a record that is not there fails with \`RECORD_NOT_FOUND\`. The reason is kept in
the record's history.`,
  icon: 'status-change',
  config: Type.Object(
    {
      ...recordAddress,
      to: Type.String({
        title: 'To',
        description: 'State that the record moves to.',
        minLength: 1,
        maxLength: 64,
        examples: ['ACKED'],
      }),
      set: Type.Optional(
        Expression(
          Type.Record(Type.String(), AnyJson, {
            title: 'Set',
            description: 'Fields to set with the move; the others stay as they are.',
            examples: ['{% { "erp_order_id": erp_order_id } %}'],
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
      title: 'An acknowledged export keeps the number that the ERP gave',
      config: {
        type: 'erp-export',
        id: '{% export_id %}',
        to: 'ACKED',
        set: '{% { "erp_order_id": erp_order_id } %}',
        why: '{% "Confirmed as " & erp_order_id %}',
      },
      input: { export_id: 'EXP-1', erp_order_id: 'SO-77' },
      records: [{ type: 'erp-export', id: 'EXP-1', data: { order_id: 'D-1001', status: 'SENT' } }],
      expect: {
        port: 'out',
        data: {
          type: 'erp-export',
          id: 'EXP-1',
          version: 2,
          data: { order_id: 'D-1001', status: 'ACKED', erp_order_id: 'SO-77' },
        },
      },
    },
  ],
  async run(_input, { type, id, to, set, why }, ctx) {
    return emit('out', recordOutput(await ctx.records.transition(type, id, to, (set ?? {}) as JsonObject, why)));
  },
});
