import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';
import { flowQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { type Environment, environments, type FlowBundle } from '../api/types.ts';

export type Version = AnswerTo<'get /flows/{id}/versions'>['versions'][number];
export type PastDeployment = AnswerTo<'get /flows/{id}/deployments'>['deployments'][number];

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['flow', id, 'versions'],
    queryFn: async () => (await call('get /flows/{id}/versions', { params: { id } })).versions,
  });

export const deploymentsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['flow', id, 'deployments'],
    queryFn: ({ pageParam }) =>
      call('get /flows/{id}/deployments', { params: { id }, query: { limit: 20, before: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** What a name of the API says of a flow: `draft`, what serves in an environment, or the number or name of a version. */
export const bundleQuery = (id: string, name: string) =>
  queryOptions({
    queryKey: ['flow', id, 'bundle', name],
    queryFn: () => bundleOf(id, name),
  });

async function bundleOf(id: string, name: string): Promise<FlowBundle> {
  if (name === 'draft') return (await call('get /flows/{id}', { params: { id } })).bundle;
  const environment = environments.find((known) => known === name);
  const version = environment ? await servingIn(id, environment) : name;
  return call('get /flows/{id}/versions/{version}', { params: { id, version } });
}

async function servingIn(id: string, environment: Environment): Promise<string> {
  const { deployed } = await queryClient.fetchQuery(flowQuery(id, environment));
  return deployed?.version ?? environment;
}

export const differenceQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['flow', id, 'difference', from, to],
    queryFn: async () => (await call('get /flows/{id}/difference', { params: { id }, query: { from, to } })).changes,
  });

export const promotionRulesQuery = queryOptions({
  queryKey: ['promotion-rules'],
  queryFn: () => call('get /promotion-rules'),
});

/** Everything of a flow is read again after what moves its versions. */
export async function refreshFlow(id: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['flows'] }),
    queryClient.invalidateQueries({ queryKey: ['flow', id] }),
  ]);
}
