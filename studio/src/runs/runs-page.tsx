import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconFilterOff, IconPlayerPlay } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { Took, When } from '../app/when.tsx';
import { type EndlessColumn, EndlessSkeleton, EndlessTable } from '../endless/endless-table.tsx';
import type { Order } from '../endless/rows.ts';
import { useEndless } from '../endless/use-endless.ts';
import { isFiltered, onlySaid } from './filter.ts';
import { type RunFilter, runPage } from './queries.ts';
import { RunFilters } from './run-filters.tsx';
import { RunName, RunStatusBadge } from './run-row.tsx';
import classes from './runs-page.module.css';

export function RunsPage() {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const filter = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const { order = 'newest' } = filter;
  const list = useEndless<RunSummary>({
    key: ['runs', environment, filter],
    order,
    page: (before) => runPage(filter, environment, before),
  });
  const change = (part: RunFilter) => void navigate({ search: onlySaid({ ...filter, ...part }), replace: true });
  const clear = () => void navigate({ search: onlySaid({ order: filter.order }), replace: true });
  const columns = useColumns(order, () => change({ order: order === 'newest' ? 'oldest' : undefined }));
  return (
    <Page title={t('runs.title')} lead={t('runs.lead')} help="operating">
      <RunFilters filter={filter} change={change} />
      {!list.rows && !list.error && <EndlessSkeleton />}
      {list.error && <ErrorState error={list.error} retry={list.again} />}
      {list.rows?.length === 0 && <NoRuns filter={filter} clear={clear} />}
      {list.rows && list.rows.length > 0 && <EndlessTable label={t('runs.title')} list={list} columns={columns} />}
    </Page>
  );
}

function useColumns(order: Order, turn: () => void): EndlessColumn<RunSummary>[] {
  const { t } = useTranslation();
  const Mark = order === 'newest' ? IconChevronDown : IconChevronUp;
  return [
    { id: 'status', width: 140, head: t('runs.status'), cell: (run) => <RunStatusBadge run={run} /> },
    { id: 'flow', head: t('runs.flow'), cell: (run) => <RunName run={run} /> },
    {
      id: 'trigger',
      width: '24%',
      head: t('runs.trigger'),
      cell: (run) => <span className={classes.quiet}>{run.trigger.source}</span>,
    },
    {
      id: 'started',
      width: 130,
      sort: order === 'newest' ? 'descending' : 'ascending',
      head: (
        <button type="button" className={classes.sort} onClick={turn}>
          {t('runs.started')}
          <Mark size={13} aria-hidden />
        </button>
      ),
      cell: (run) => (
        <span className={classes.quiet}>
          <When at={run.startedAt} />
        </span>
      ),
    },
    {
      id: 'duration',
      width: 124,
      head: t('runs.duration'),
      cell: (run) => (
        <span className={classes.quiet}>
          <Took from={run.startedAt} to={run.finishedAt} />
        </span>
      ),
    },
  ];
}

function NoRuns({ filter, clear }: { readonly filter: RunFilter; readonly clear: () => void }) {
  const { t } = useTranslation();
  if (!isFiltered(filter))
    return <EmptyState icon={IconPlayerPlay} title={t('runs.emptyTitle')} text={t('runs.empty')} />;
  return (
    <EmptyState icon={IconFilterOff} title={t('runs.noMatchTitle')} text={t('runs.noMatch')}>
      <Button variant="default" onClick={clear}>
        {t('runs.clear')}
      </Button>
    </EmptyState>
  );
}
