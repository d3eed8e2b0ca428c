import { Skeleton, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { catalogueQuery, runQuery } from '../api/queries.ts';
import type { Catalogue, RunDetail, Step } from '../api/types.ts';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { StatusBadge } from '../app/status.tsx';
import { shortVersion } from '../app/version.ts';
import { Took, When } from '../app/when.tsx';
import { titleOf } from '../canvas/drawing.ts';
import { type Difference, differencesOf } from '../parts/difference.ts';
import { DifferenceTable } from '../parts/difference-table.tsx';
import { compareRuns, type NodePair } from './compare.ts';
import classes from './compare-page.module.css';

/** Two runs side by side. */
export function ComparePage() {
  const { t } = useTranslation();
  const { runId, otherId } = useParams({ from: '/runs/$runId/compare/$otherId' });
  const [left, right, catalogue] = [useQuery(runQuery(runId)), useQuery(runQuery(otherId)), useQuery(catalogueQuery)];
  const failed = [left, right, catalogue].find(({ error, data }) => error && !data);
  if (failed?.error) return <ErrorState error={failed.error} retry={() => void failed.refetch()} wholePage />;
  return (
    <Page title={t('compare.title')} lead={t('compare.lead')}>
      {left.data && right.data && catalogue.data ? (
        <Comparison left={left.data} right={right.data} catalogue={catalogue.data} />
      ) : (
        <Skeleton height={240} radius={14} />
      )}
    </Page>
  );
}

interface ComparisonProps {
  readonly left: RunDetail;
  readonly right: RunDetail;
  readonly catalogue: Catalogue;
}

function Comparison({ left, right, catalogue }: ComparisonProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const catalog = useMemo(() => new Map(catalogue.nodes.map((type) => [type.id, type])), [catalogue]);
  const pairs = useMemo(() => compareRuns(left, right), [left, right]);
  const payloads = useMemo(() => differencesOf(left.trigger.payload, right.trigger.payload), [left, right]);
  const nameOf = (node: string) => titleOf(node, left.document.nodes[node] ? left.document : right.document, catalog);
  const shown = pairs.filter(({ verdict }) => all || verdict !== 'same');
  return (
    <>
      <div className={classes.runs}>
        <RunHead run={left} label={t('compare.left')} />
        <RunHead run={right} label={t('compare.right')} />
      </div>
      <div className={classes.tools}>
        <Switch
          size="xs"
          label={t('compare.all')}
          checked={all}
          onChange={({ currentTarget }) => setAll(currentTarget.checked)}
        />
      </div>
      {payloads.length > 0 && (
        <div className={classes.pair}>
          <DifferenceTable
            title={t('run.payload')}
            left={t('compare.left')}
            right={t('compare.right')}
            list={payloads}
          />
        </div>
      )}
      {shown.length === 0 && payloads.length === 0 && <p className={classes.none}>{t('compare.none')}</p>}
      <ol className={classes.pairs}>
        {shown.map((pair) => (
          <Pair key={pair.node} pair={pair} name={nameOf(pair.node)} />
        ))}
      </ol>
    </>
  );
}

function RunHead({ run, label }: { readonly run: RunDetail; readonly label: string }) {
  return (
    <section className={classes.run} aria-label={label}>
      <div className={classes.runHead}>
        <StatusBadge status={run.status} />
        <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.runName}>
          {run.document.name}
        </Link>
        <span className="mono">{shortVersion(run.version)}</span>
      </div>
      <div className={classes.runFacts}>
        <When at={run.startedAt} /> · <Took from={run.startedAt} to={run.finishedAt} /> · {run.trigger.source}
      </div>
      {run.error && <div className={classes.error}>{run.error.message}</div>}
    </section>
  );
}

function Pair({
  pair: { left, right, verdict, inputs, outputs },
  name,
}: {
  readonly pair: NodePair;
  readonly name: string;
}) {
  const { t } = useTranslation();
  return (
    <li className={classes.pair}>
      <header className={classes.pairHead}>
        <h2>{name}</h2>
        <span className={classes.verdict} data-verdict={verdict}>
          {t(`compare.verdict.${verdict}`)}
        </span>
      </header>
      <div className={classes.sides}>
        <Side step={left} />
        <Side step={right} />
      </div>
      <Differences title={t('run.input')} list={inputs} />
      <Differences title={t('run.stepOutput')} list={outputs} />
    </li>
  );
}

function Side({ step }: { readonly step: Step | undefined }) {
  const { t } = useTranslation();
  if (!step) return <div className={classes.side}>{t('compare.notReached')}</div>;
  return (
    <div className={classes.side}>
      <StatusBadge status={step.status} />
      {step.finishedAt !== null && <Took from={step.startedAt} to={step.finishedAt} />}
      {step.attempts > 1 && <span>{t('node.attempts', { count: step.attempts })}</span>}
      {step.error && <span className={classes.error}>{step.error.message}</span>}
    </div>
  );
}

function Differences({ title, list }: { readonly title: string; readonly list: readonly Difference[] }) {
  const { t } = useTranslation();
  if (list.length === 0) return null;
  return (
    <div className={classes.differences}>
      <DifferenceTable title={title} left={t('compare.left')} right={t('compare.right')} list={list} />
    </div>
  );
}
