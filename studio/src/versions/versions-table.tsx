import { ActionIcon, Menu, Skeleton } from '@mantine/core';
import { IconDotsVertical, IconGitCompare, IconRocket, IconStack2, IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { flowQuery } from '../api/queries.ts';
import { type Environment, environments } from '../api/types.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { ErrorState } from '../app/error-state.tsx';
import { t } from '../app/i18n.ts';
import { useMay } from '../app/use-may.ts';
import { shortVersion } from '../app/version.ts';
import { When } from '../app/when.tsx';
import { type Version, versionsQuery } from './queries.ts';
import classes from './versions-page.module.css';

interface VersionsTableProps {
  readonly flowId: string;
  readonly deploy: (version: number) => void;
  readonly offer: (version: number) => void;
}

interface Row extends Version {
  readonly serves: readonly Environment[];
}

/** The immutable versions of a flow, and what to do with each. */
export function VersionsTable({ flowId, deploy, offer }: VersionsTableProps) {
  const { t } = useTranslation();
  const versions = useQuery(versionsQuery(flowId));
  const sandbox = useQuery(flowQuery(flowId, 'sandbox')).data?.deployed?.version;
  const production = useQuery(flowQuery(flowId, 'production')).data?.deployed?.version;
  const rows = useMemo(() => {
    const serving = { sandbox, production };
    return (versions.data ?? []).map(
      (version): Row => ({ ...version, serves: environments.filter((one) => serving[one] === version.version) }),
    );
  }, [versions.data, sandbox, production]);
  const columns = useMemo(
    () => [
      ...known,
      ...columnsOf<Row>((column) => [
        column.display({
          id: 'actions',
          header: () => <span className="visually-hidden">{t('common.actions')}</span>,
          cell: ({ row }) => <VersionActions flowId={flowId} version={row.original} deploy={deploy} offer={offer} />,
        }),
      ]),
    ],
    [flowId, deploy, offer, t],
  );
  if (versions.error && !versions.data)
    return <ErrorState error={versions.error} retry={() => void versions.refetch()} />;
  if (!versions.data) return <Skeleton height={92} radius={14} />;
  if (rows.length === 0)
    return <EmptyState icon={IconStack2} title={t('versions.emptyTitle')} text={t('versions.empty')} />;
  return <DataTable label={t('versions.title')} columns={columns} rows={rows} idOf={({ version }) => version} />;
}

const known = columnsOf<Row>((column) =>
  column.columns([
    column.accessor('number', {
      header: () => t('versions.number'),
      cell: ({ row: { original } }) => (
        <span className={classes.version}>
          <strong className="numbers">{original.number}</strong>
          <span className={`mono ${classes.hash}`}>{shortVersion(original.version)}</span>
        </span>
      ),
    }),
    column.accessor('note', {
      header: () => t('versions.note'),
      enableSorting: false,
      cell: ({ row: { original } }) => <span className={classes.note}>{original.note ?? '–'}</span>,
    }),
    column.display({
      id: 'serves',
      header: () => t('versions.where'),
      cell: ({ row: { original } }) => (
        <span className={classes.chips}>
          {original.serves.map((one) => (
            <span key={one} className={classes.chip} data-environment={one}>
              {t(`nav.environments.${one}`)}
            </span>
          ))}
        </span>
      ),
    }),
    column.accessor('publishedBy', { header: () => t('versions.by') }),
    column.accessor('publishedAt', {
      header: () => t('versions.when'),
      cell: ({ row: { original } }) => <When at={original.publishedAt} />,
    }),
  ]),
);

interface VersionActionsProps extends VersionsTableProps {
  readonly version: Row;
}

function VersionActions({ flowId, version: { number }, deploy, offer }: VersionActionsProps) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const compare = (from: number, to: string) =>
    void navigate({ to: '/flows/$flowId/difference', params: { flowId }, search: { from: String(from), to } });
  return (
    <div className={classes.rowActions}>
      <Menu position="bottom-end" width={230} withinPortal>
        <Menu.Target>
          <ActionIcon aria-label={t('versions.actionsOf', { number })}>
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconGitCompare size={16} />} onClick={() => compare(number, 'draft')}>
            {t('versions.compareDraft')}
          </Menu.Item>
          {number > 1 && (
            <Menu.Item leftSection={<IconGitCompare size={16} />} onClick={() => compare(number - 1, String(number))}>
              {t('versions.comparePrevious', { number: number - 1 })}
            </Menu.Item>
          )}
          {may('flows.deploy') && (
            <Menu.Item leftSection={<IconRocket size={16} />} onClick={() => deploy(number)}>
              {t('versions.deploy')}
            </Menu.Item>
          )}
          {may('templates.publish') && (
            <Menu.Item leftSection={<IconTemplate size={16} />} onClick={() => offer(number)}>
              {t('versions.offer')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
