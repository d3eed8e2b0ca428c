import { useQuery } from '@tanstack/react-query';
import { useEnvironment } from '../app/environment.ts';
import { flowsQuery } from './queries.ts';

/** What people call a flow; its id where it is gone, or not known yet. */
export function useFlowNames(): (flow: string) => string {
  const { data: flows = [] } = useQuery(flowsQuery(useEnvironment()));
  return (flow) => flows.find(({ id }) => id === flow)?.name ?? flow;
}
