import { AnyJson, defineNode, emit, Failure, SameAsInput } from '@millrace/contract';
import Type from 'typebox';
import { RecordOutput, recordAddress, recordOutput } from '../record.ts';

export default defineNode({
  id: 'records/get',
  version: 1,
  title: 'Get record',
  summary: 'Reads one record of the flow by its id.',
  docs: `Sees what the run itself has written. Where there is no such record the input leaves by \`missing\`; if nothing is
attached there, the step fails with \`RECORD_NOT_FOUND\`.`,
  icon: 'database',
  config: Type.Object(recordAddress, { additionalProperties: false }),
  input: AnyJson,
  outputs: { out: RecordOutput, missing: Failure('RECORD_NOT_FOUND', SameAsInput(AnyJson)) },
  effect: 'read',
  examples: [
    {
      title: 'The export that an acknowledgement is about',
      config: { type: 'erp-export', id: '{% export_id %}' },
      input: { export_id: 'EXP-1' },
      records: [{ type: 'erp-export', id: 'EXP-1', data: { order_id: 'D-1001', status: 'SENT' } }],
      expect: {
        port: 'out',
        data: { type: 'erp-export', id: 'EXP-1', version: 1, data: { order_id: 'D-1001', status: 'SENT' } },
      },
    },
    {
      title: 'A record that is not there',
      config: { type: 'erp-export', id: '{% export_id %}' },
      input: { export_id: 'EXP-2' },
      expect: { port: 'missing', data: { export_id: 'EXP-2' } },
    },
  ],
  async run(input, { type, id }, ctx) {
    const record = await ctx.records.get(type, id);
    return record ? emit('out', recordOutput(record)) : emit('missing', input);
  },
});
