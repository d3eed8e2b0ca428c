import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';

export type Member = AnswerTo<'get /members'>['members'][number];
export type MemberRole = Member['role'];
export const memberRoles: readonly MemberRole[] = ['viewer', 'operator', 'builder', 'admin'];

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async () => (await call('get /members')).members,
});

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: () => call('get /roles'),
  staleTime: Number.POSITIVE_INFINITY,
});
