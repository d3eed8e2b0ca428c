import { IconRefresh } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type AnswerTo, call } from '../api/client.ts';
import type { Environment } from '../api/types.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { Page } from '../app/page.tsx';
import { StatusBadge } from '../app/status.tsx';
import { When } from '../app/when.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { driftOf } from './drift.ts';
import classes from './sync-page.module.css';

type Syncs = AnswerTo<'get /syncs'>;
type Source = Syncs['sources'][number];
type Sync = Syncs['syncs'][number];

const refreshMs = 10_000;

const syncsQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['syncs', environment],
    queryFn: () => call('get /syncs', { query: { environment } }),
    refetchInterval: refreshMs,
  });

export function SyncPage() {
  const { t } = useTranslation();
  const syncs = useQuery(syncsQuery(useEnvironment()));
  return (
    <Page title={t('sync.title')} lead={t('sync.lead')} help="operating">
      <Loaded query={syncs}>
        {({ sources, syncs: latest }) =>
          sources.length + latest.length === 0 ? (
            <EmptyState icon={IconRefresh} title={t('sync.emptyTitle')} text={t('sync.empty')} />
          ) : (
            <>
              <h2 className={classes.title}>{t('sync.sources')}</h2>
              <Sources sources={sources} />
              <h2 className={classes.title}>{t('sync.syncs')}</h2>
              <SyncList syncs={latest} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function Sources({ sources }: { readonly sources: readonly Source[] }) {
  const { t } = useTranslation();
  const columns = useMemo(
    () =>
      columnsOf<Source>((column) =>
        column.columns([
          column.accessor('failures', {
            header: t('sync.state'),
            cell: ({ row }) => <SourceState source={row.original} />,
          }),
          column.accessor('flowName', {
            header: t('sync.source'),
            cell: ({ row: { original } }) => (
              <>
                <Link to="/flows/$flowId" params={{ flowId: original.flowId }} className={classes.link}>
                  {original.flowName}
                </Link>
                <div className={`mono ${classes.second}`}>{original.node}</div>
                {original.lastError && <div className={classes.error}>{original.lastError.message}</div>}
              </>
            ),
          }),
          column.accessor((source) => source.connections.join(', '), {
            id: 'connections',
            header: t('sync.connections'),
          }),
          column.accessor('lastPolledAt', {
            header: t('sync.polled'),
            cell: ({ row }) => <At time={row.original.lastPolledAt} />,
          }),
          column.accessor('nextPollAt', {
            header: t('sync.next'),
            cell: ({ row: { original } }) => (original.polling ? t('sync.polling') : <At time={original.nextPollAt} />),
          }),
        ]),
      ),
    [t],
  );
  if (sources.length === 0) return <p className={classes.second}>{t('sync.noSources')}</p>;
  return (
    <DataTable
      label={t('sync.sources')}
      columns={columns}
      rows={sources}
      idOf={({ flowId, node }) => `${flowId}/${node}`}
    />
  );
}

function SourceState({ source: { failures } }: { readonly source: Source }) {
  const { t } = useTranslation();
  return (
    <span className={classes.state}>
      <StatusBadge status={failures > 0 ? 'failed' : 'done'} />
      <span className={classes.second}>{failures > 0 ? t('sync.failing', { count: failures }) : t('sync.well')}</span>
    </span>
  );
}

function At({ time }: { readonly time: string | null }) {
  const { t } = useTranslation();
  return <span className={classes.second}>{time === null ? t('sync.never') : <When at={time} />}</span>;
}

const counts = ['received', 'created', 'changed', 'missing', 'deactivated', 'left', 'invalid'] as const;

function SyncList({ syncs }: { readonly syncs: readonly Sync[] }) {
  const { t } = useTranslation();
  const columns = useMemo(
    () =>
      columnsOf<Sync>((column) =>
        column.columns([
          column.accessor('type', {
            header: t('sync.records'),
            cell: ({ row }) => <span className="mono">{row.original.type}</span>,
          }),
          column.accessor('at', { header: t('sync.at'), cell: ({ row }) => <At time={row.original.at} /> }),
          ...counts.map((name) =>
            column.accessor(({ report }) => report?.[name] ?? 0, {
              id: name,
              header: t(`sync.${name}`),
              cell: ({ row: { original } }) => (
                <span className="numbers">{original.report ? original.report[name] : '–'}</span>
              ),
            }),
          ),
          column.accessor(({ report }) => (report && driftOf(report)) ?? 0, {
            id: 'drift',
            header: t('sync.drift'),
            cell: ({ row: { original } }) => <Drift sync={original} />,
          }),
        ]),
      ),
    [t],
  );
  if (syncs.length === 0) return <p className={classes.second}>{t('sync.noSyncs')}</p>;
  return <DataTable label={t('sync.syncs')} columns={columns} rows={syncs} idOf={({ type, at }) => `${type} ${at}`} />;
}

function Drift({ sync: { report } }: { readonly sync: Sync }) {
  const { t } = useTranslation();
  if (!report) return <span className={classes.second}>{t('sync.underWay')}</span>;
  const drift = driftOf(report);
  return <span className="numbers">{drift === undefined ? '–' : `${drift.toFixed(drift < 10 ? 1 : 0)} %`}</span>;
}
