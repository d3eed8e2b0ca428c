import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { catalogueQuery, runQuery } from '../api/queries.ts';
import type { Catalogue, RunDetail, Step } from '../api/types.ts';
import { ErrorState } from '../app/error-state.tsx';
import { duration } from '../app/time.ts';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import { RunHeader } from './run-header.tsx';
import classes from './run-page.module.css';
import { RunPanel } from './run-panel.tsx';
import { StepPanel } from './step-panel.tsx';
import { lastSteps, traceOf } from './trace.ts';

export function RunPage() {
  const { runId } = useParams({ from: '/runs/$runId' });
  const run = useQuery(runQuery(runId));
  const catalogue = useQuery(catalogueQuery);
  const failed = [run, catalogue].find(({ error, data }) => error && !data);
  if (failed?.error) return <ErrorState error={failed.error} retry={() => void failed.refetch()} wholePage />;
  if (!run.data || !catalogue.data) return <RunSkeleton />;
  return (
    <ReactFlowProvider key={runId}>
      <RunView run={run.data} catalogue={catalogue.data} />
    </ReactFlowProvider>
  );
}

const nobody: ReadonlySet<string> = new Set();

function RunView({ run, catalogue }: { readonly run: RunDetail; readonly catalogue: Catalogue }) {
  const { t } = useTranslation();
  const catalog = useMemo(() => new Map(catalogue.nodes.map((type) => [type.id, type])), [catalogue]);
  const note = useNote();
  const trace = useMemo(() => traceOf(run, catalog, note), [run, catalog, note]);
  const [selected, setSelected] = useState(nobody);
  const [node] = selected;
  return (
    <div className={classes.run}>
      <title>{`${run.document.name} · ${t('run.title')} · Millrace`}</title>
      <RunHeader run={run} catalog={catalog} />
      <div className={classes.stage}>
        <FlowCanvas
          label={t('run.canvas')}
          flow={run.document}
          layout={run.layout}
          catalog={catalog}
          trace={trace}
          selected={selected}
          select={setSelected}
        />
        <aside className={classes.panel} aria-label={t('run.panel')}>
          {node === undefined ? (
            <RunPanel run={run} catalog={catalog} select={(id) => setSelected(new Set([id]))} />
          ) : (
            <StepPanel
              key={node}
              node={node}
              step={lastSteps(run.steps).get(node)}
              run={run}
              catalog={catalog}
              back={() => setSelected(nobody)}
            />
          )}
        </aside>
      </div>
    </div>
  );
}

/** How a step is told in a few words below its title. */
function useNote(): (step: Step) => string {
  const { t } = useTranslation();
  return useMemo(
    () => (step) => {
      const attempts = step.attempts > 1 ? `${t('node.attempts', { count: step.attempts })} · ` : '';
      if (step.status === 'failed') return step.error?.code ?? t('status.failed');
      if (step.finishedAt === null) return attempts + t(`status.${step.status}`);
      return attempts + duration(Date.parse(step.finishedAt) - Date.parse(step.startedAt));
    },
    [t],
  );
}

function RunSkeleton() {
  return (
    <div className={classes.run} aria-hidden>
      <header className={classes.header}>
        <Skeleton height={22} width={320} />
      </header>
      <div className={classes.stage}>
        <div />
        <aside className={classes.panel} />
      </div>
    </div>
  );
}
