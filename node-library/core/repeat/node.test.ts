import { type Json, MillraceError, type NodeContext, type Result } from '@millrace/contract';
import { evaluateText } from '@millrace/testing/evaluate-config';
import { runNode, stepTime } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import repeat from './node.ts';

/** Only what the node uses when a pass has ended. */
const context = { evaluate: (text: string, input: Json) => evaluateText(text, input, stepTime) } as NodeContext;

async function ended(output: Json, index: number, config: { until: string; maxPasses?: number }): Promise<Result> {
  if (!repeat.passEnded) throw new Error('The node does not repeat.');
  return repeat.passEnded(output, index, config, context);
}

test('the first pass gets the input, each further one what the pass before gave', async () => {
  expect(await runNode(repeat, { n: 1 }, { until: 'n = 3' })).toEqual({ kind: 'pass', input: { n: 1 } });
  expect(await ended({ n: 2 }, 0, { until: 'n = 3' })).toEqual({ kind: 'pass', input: { n: 2 } });
  expect(await ended({ n: 3 }, 1, { until: 'n = 3' })).toEqual({ kind: 'emit', port: 'out', data: { n: 3 } });
});

test('after the last pass the condition counts once more, then the step fails', async () => {
  const config = { until: 'done', maxPasses: 2 };
  expect(await ended({ done: false }, 0, config)).toMatchObject({ kind: 'pass' });
  expect(await ended({ done: true }, 1, config)).toMatchObject({ kind: 'emit' });
  await expect(ended({ done: false }, 1, config)).rejects.toMatchObject({
    code: 'REPEAT_TOO_OFTEN',
    message: expect.stringContaining('2 passes'),
  });
  await expect(ended({ done: false }, 99, { until: 'done' })).rejects.toMatchObject({ code: 'REPEAT_TOO_OFTEN' });
});

test.each<Json>([{}, { done: 'yes' }, { done: 1 }])('%j gives neither true nor false', async (output) => {
  await expect(ended(output, 0, { until: 'done' })).rejects.toBeInstanceOf(MillraceError);
  await expect(ended(output, 0, { until: 'done' })).rejects.toMatchObject({ code: 'REPEAT_CONDITION' });
});
