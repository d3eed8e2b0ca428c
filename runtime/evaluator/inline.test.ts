import type { Json } from '@millrace/contract';
import { afterAll, expect, test } from 'vitest';
import { noMetrics } from '../metrics/metrics.ts';
import { startEvaluator } from './evaluator.ts';
import { inlineFirst } from './inline.ts';
import type { EvaluationTask } from './protocol.ts';

const processes = startEvaluator({ inline: false });
afterAll(() => processes.close());

/** What goes to other processes is counted. */
function evaluator() {
  const sent: EvaluationTask[] = [];
  const inline = inlineFirst(
    {
      evaluate(tenant, tasks) {
        sent.push(...tasks);
        return processes.evaluate(tenant, tasks);
      },
      isCostly: () => false,
      close: () => Promise.resolve(),
    },
    noMetrics,
  );
  return {
    sent,
    validate: async (schema: Json, data: Json) => (await inline.evaluate('a', [{ kind: 'validate', schema, data }]))[0],
  };
}

test('R-D3 data that fits a schema needs no other process; what does not fit is explained by ajv', async () => {
  const { sent, validate } = evaluator();
  const schema = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
  expect(await validate(schema, { id: 'a' })).toEqual({ ok: true, value: [] });
  expect(sent).toHaveLength(0);
  expect(await validate(schema, {})).toMatchObject({ ok: true, value: [{ code: 'REQUIRED', pointer: '/id' }] });
  expect(sent).toHaveLength(1);
});

test('R-D3 a schema that is none is refused every time', async () => {
  const { sent, validate } = evaluator();
  const schema = { type: 'objekt' };
  for (const times of [1, 2]) {
    expect(await validate(schema, {})).toMatchObject({ ok: false, error: { code: 'SCHEMA_INVALID' } });
    expect(sent).toHaveLength(times);
  }
});
