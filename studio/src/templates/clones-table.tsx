import { Button, Skeleton } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { flowsQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { t } from '../app/i18n.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { type Clone, clonesAmong, hasMovedOn } from './clones-of.ts';
import { templatesQuery } from './queries.ts';
import classes from './templates.module.css';

/** The tenant's flows that were made of templates, and which of these have moved on. */
export function ClonesTable() {
  const { t } = useTranslation();
  const flows = useQuery(flowsQuery(useEnvironment()));
  const templates = useQuery(templatesQuery);
  const rows = useMemo(() => clonesAmong(flows.data ?? [], templates.data ?? []), [flows.data, templates.data]);
  const failed = [flows, templates].find(({ error, data }) => error && !data);
  if (failed?.error) return <ErrorState error={failed.error} retry={() => void failed.refetch()} />;
  if (!flows.data || !templates.data) return <Skeleton height={92} radius={14} />;
  if (rows.length === 0)
    return <EmptyState icon={IconCopy} title={t('templates.clonesEmptyTitle')} text={t('templates.clonesEmpty')} />;
  return (
    <>
      <UpgradeAll clones={rows.filter(hasMovedOn)} />
      <DataTable label={t('templates.clones')} columns={columns} rows={rows} idOf={({ flow }) => flow} />
    </>
  );
}

function UpgradeAll({ clones }: { readonly clones: readonly Clone[] }) {
  const { t } = useTranslation();
  const mayClone = useMay()('templates.clone');
  const upgrading = useMutation({
    mutationFn: () =>
      Promise.all(
        [...new Set(clones.map(({ template }) => template))].map((id) =>
          call('post /templates/{id}/upgrade', { params: { id }, body: {} }),
        ),
      ),
    onSuccess: (ends) => {
      const upgraded = ends.flatMap((end) => end.upgraded).length;
      notifyDone(t('templates.upgradedAll', { upgraded, left: ends.flatMap(({ left }) => left).length }));
    },
    onError: (error) => notifyRefused(t('templates.upgradeFailed'), error),
    onSettled: () => Promise.all(['flows', 'flow'].map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
  if (clones.length === 0 || !mayClone) return null;
  return (
    <Button variant="default" mb={14} onClick={() => upgrading.mutate()} loading={upgrading.isPending}>
      {t('templates.upgradeAll')}
    </Button>
  );
}

const columns = columnsOf<Clone>((column) =>
  column.columns([
    column.accessor('name', {
      header: () => t('templates.flow'),
      cell: ({ row: { original } }) => (
        <Link to="/flows/$flowId" params={{ flowId: original.flow }} className={classes.link}>
          {original.name}
        </Link>
      ),
    }),
    column.accessor('template', {
      header: () => t('templates.template'),
      cell: ({ row: { original } }) => (
        <Link to="/templates/$templateId" params={{ templateId: original.template }} className={classes.quietLink}>
          {original.template}
        </Link>
      ),
    }),
    column.accessor('version', { header: () => t('templates.at') }),
    column.accessor('newest', {
      header: () => t('templates.newest'),
      cell: ({ row: { original } }) => original.newest ?? t('templates.gone'),
    }),
    column.display({
      id: 'upgrade',
      header: () => <span className="visually-hidden">{t('common.actions')}</span>,
      cell: ({ row: { original } }) => <UpgradeLink clone={original} />,
    }),
  ]),
);

function UpgradeLink({ clone }: { readonly clone: Clone }) {
  const { t } = useTranslation();
  if (!hasMovedOn(clone)) return <span className={classes.quiet}>{t('templates.upToDate')}</span>;
  return (
    <Link
      to="/flows/$flowId/upgrade"
      params={{ flowId: clone.flow }}
      className={classes.link}
      aria-label={t('templates.upgradeOf', { flow: clone.name, version: clone.newest ?? '' })}
    >
      {t('templates.upgrade')}
    </Link>
  );
}
