import { Button, Select, Skeleton } from '@mantine/core';
import { IconFilterOff, IconPlayerPlay } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { flowsQuery, type RunFilter, runsQuery } from '../api/queries.ts';
import { type RunStatus, runStatuses } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { RunRow } from './run-row.tsx';
import classes from './runs-page.module.css';

export function RunsPage() {
  const { t } = useTranslation();
  const filter = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const runs = useInfiniteQuery({ ...runsQuery(filter), placeholderData: keepPreviousData });
  const rows = runs.data?.pages.flatMap((page) => page.runs) ?? [];
  const change = (part: { flow?: string | undefined; status?: RunStatus | undefined }) =>
    void navigate({ search: defined({ ...filter, ...part }), replace: true });
  return (
    <Page title={t('runs.title')} lead={t('runs.lead')} actions={<Filters filter={filter} change={change} />}>
      {runs.isPending && <RowSkeletons />}
      {runs.error && !runs.data && <ErrorState error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data && rows.length === 0 && (
        <NoRuns filter={filter} clear={() => change({ flow: undefined, status: undefined })} />
      )}
      {rows.length > 0 && (
        <div className={classes.frame}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('runs.status')}</th>
                <th scope="col">{t('runs.flow')}</th>
                <th scope="col">{t('runs.trigger')}</th>
                <th scope="col">{t('runs.started')}</th>
                <th scope="col">{t('runs.duration')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {runs.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            {t('runs.more')}
          </Button>
        </div>
      )}
    </Page>
  );
}

interface FiltersProps {
  readonly filter: RunFilter;
  readonly change: (part: { flow?: string | undefined; status?: RunStatus | undefined }) => void;
}

const all = '';

function Filters({ filter, change }: FiltersProps) {
  const { t } = useTranslation();
  const flows = useQuery(flowsQuery(useEnvironment())).data ?? [];
  return (
    <>
      <Select
        aria-label={t('runs.flow')}
        w={220}
        data={[{ value: all, label: t('runs.allFlows') }, ...flows.map(({ id, name }) => ({ value: id, label: name }))]}
        value={filter.flow ?? all}
        onChange={(flow) => change({ flow: flow || undefined })}
      />
      <Select
        aria-label={t('runs.status')}
        w={130}
        data={[
          { value: all, label: t('runs.allStatuses') },
          ...runStatuses.map((status) => ({ value: status as string, label: t(`status.${status}`) })),
        ]}
        value={filter.status ?? all}
        onChange={(value) => change({ status: runStatuses.find((status) => status === value) })}
      />
    </>
  );
}

function NoRuns({ filter, clear }: { readonly filter: RunFilter; readonly clear: () => void }) {
  const { t } = useTranslation();
  if (filter.flow === undefined && filter.status === undefined)
    return <EmptyState icon={IconPlayerPlay} title={t('runs.emptyTitle')} text={t('runs.empty')} />;
  return (
    <EmptyState icon={IconFilterOff} title={t('runs.noMatchTitle')} text={t('runs.noMatch')}>
      <Button variant="default" onClick={clear}>
        {t('runs.clear')}
      </Button>
    </EmptyState>
  );
}

function RowSkeletons() {
  return (
    <div className={classes.skeletons} aria-hidden>
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={44} radius={8} />
      ))}
    </div>
  );
}

function defined(filter: RunFilter): { flow?: string; status?: RunStatus } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
