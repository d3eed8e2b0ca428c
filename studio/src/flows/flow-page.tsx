import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { catalogueQuery, flowQuery } from '../api/queries.ts';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import classes from './flow-page.module.css';
import { Workbench } from './workbench.tsx';

export function FlowPage() {
  const { flowId } = useParams({ from: '/flows/$flowId' });
  const flow = useQuery({
    ...flowQuery(flowId, useEnvironment()),
    // The draft is the same in every environment, and what is not saved of it stays.
    placeholderData: (before) => (before?.id === flowId ? before : undefined),
  });
  const catalogue = useQuery(catalogueQuery);
  const failed = [flow, catalogue].find(({ error, data }) => error && !data);
  if (failed?.error) return <ErrorState error={failed.error} retry={() => void failed.refetch()} wholePage />;
  if (!flow.data || !catalogue.data) return <FlowSkeleton />;
  return (
    <ReactFlowProvider key={flowId}>
      <Workbench flow={flow.data} catalogue={catalogue.data} />
    </ReactFlowProvider>
  );
}

function FlowSkeleton() {
  return (
    <div className={classes.workbench} aria-hidden>
      <header className={classes.header}>
        <Skeleton height={22} width={260} />
      </header>
      <div />
    </div>
  );
}
