import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';

export type TemplateSummary = AnswerTo<'get /templates'>['templates'][number];
export type Template = AnswerTo<'get /templates/{id}'>;
export type Upgrade = AnswerTo<'get /flows/{id}/upgrade'>;
export type Conflict = Upgrade['conflicts'][number];
export type Decision = NonNullable<Conflict['decision']>;

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async () => (await call('get /templates')).templates,
});

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', id],
    queryFn: () => call('get /templates/{id}', { params: { id } }),
  });

export const clonesQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', id, 'clones'],
    queryFn: async () => (await call('get /templates/{id}/clones', { params: { id } })).clones,
  });

/** Below the flow's own key, so that a change of the draft makes it anew. */
export const upgradeQuery = (flow: string) =>
  queryOptions({
    queryKey: ['flow', flow, 'upgrade'],
    queryFn: () => call('get /flows/{id}/upgrade', { params: { id: flow } }),
    // No event tells that the template has moved on.
    staleTime: 0,
  });
