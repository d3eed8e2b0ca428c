import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import type { Environment } from '../api/types.ts';

export interface MappingPlace {
  readonly flow: string;
  readonly name: string;
  readonly environment: Environment;
}

export type LayeredMapping = AnswerTo<'get /flows/{id}/mappings/{name}'>;
export type OwnLines = AnswerTo<'get /flows/{id}/mappings/{name}/history'>['history'][number];

export const flowMappingsQuery = (flow: string, environment: Environment) =>
  queryOptions({
    queryKey: ['mappings', environment, flow],
    queryFn: async () =>
      (await call('get /flows/{id}/mappings', { params: { id: flow }, query: { environment } })).mappings,
  });

export const mappingQuery = ({ flow, name, environment }: MappingPlace) =>
  queryOptions({
    queryKey: ['mappings', environment, flow, name],
    queryFn: () => call('get /flows/{id}/mappings/{name}', { params: { id: flow, name }, query: { environment } }),
  });

export const mappingHistoryQuery = ({ flow, name, environment }: MappingPlace) =>
  queryOptions({
    queryKey: ['mappings', environment, flow, name, 'history'],
    queryFn: async () =>
      (await call('get /flows/{id}/mappings/{name}/history', { params: { id: flow, name }, query: { environment } }))
        .history,
  });

export function refreshMappings(): void {
  void queryClient.invalidateQueries({ queryKey: ['mappings'] });
}
