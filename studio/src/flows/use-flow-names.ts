import { useQuery } from '@tanstack/react-query';
import { flowsQuery } from '../api/queries.ts';
import { useEnvironment } from '../app/environment.ts';

/** What people call a flow; its id where it is gone, or not known yet. */
export function useFlowNames(): (flow: string) => string {
  const { data: flows = [] } = useQuery(flowsQuery(useEnvironment()));
  return (flow) => flows.find(({ id }) => id === flow)?.name ?? flow;
}
