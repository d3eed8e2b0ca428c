import type { FlowBundle } from '@millrace/flow';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import type { RunDetail } from '../api/types.ts';
import { freeName } from './save-name.ts';

/**
 * Makes a test of a run and keeps it with the draft of its flow.
 * @returns the name under which the draft has it
 */
export async function saveAsTest({ id, flowId }: Pick<RunDetail, 'id' | 'flowId'>): Promise<string> {
  const test = await call('post /runs/{id}/test', { params: { id } });
  const { revision, bundle } = await call('get /flows/{id}', { params: { id: flowId } });
  const name = freeName(test.name, bundle.tests);
  const tests = { ...bundle.tests, [name]: { ...test, name } } as FlowBundle['tests'];
  await call('put /flows/{id}', { params: { id: flowId }, body: { revision, bundle: { ...bundle, tests } } });
  await queryClient.invalidateQueries({ queryKey: ['flow', flowId] });
  return name;
}
