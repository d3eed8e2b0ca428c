import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { Evaluation, Json } from '../api/types.ts';
import type { Mapping } from './mapping.ts';

const pauseMs = 300;

export interface LiveResult {
  readonly evaluation: Evaluation | undefined;
  readonly pending: boolean;
  /** The server could not be asked. */
  readonly failure: Error | null;
}

/**
 * What a mapping makes of an input, evaluated anew when the typing pauses.
 * @param target JSON Schema of the result, where the mapping has one
 */
export function useEvaluation(
  mapping: Mapping,
  { target, input, bindings }: { target: Json | undefined; input: Json | undefined; bindings: Record<string, Json> },
): LiveResult {
  const what = mapping.kind === 'fields' ? { fields: mapping.fields } : { expression: mapping.expression };
  const body = { ...what, target, input, bindings };
  const [settled] = useDebouncedValue(body, pauseMs);
  const query = useQuery({
    queryKey: ['evaluate', settled],
    queryFn: () => call('post /evaluate', { body: settled as never }) as Promise<Evaluation>,
    enabled: input !== undefined && !(mapping.kind === 'text' && mapping.expression.trim() === ''),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    retry: false,
  });
  return { evaluation: query.data, pending: query.isFetching, failure: query.error };
}
