import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries.ts';

/** Tells whether whoever is at work may do something, by the names of `docs/roles.md`; what they may not do is not offered. */
export function useMay(): (action: string) => boolean {
  const { data } = useQuery(sessionQuery);
  return (action) => data?.actions.includes(action) === true;
}
