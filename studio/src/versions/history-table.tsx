import { Button, Skeleton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { environments } from '../api/types.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { ErrorState } from '../app/error-state.tsx';
import { t } from '../app/i18n.ts';
import { notifyDone } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { deploymentsQuery, type PastDeployment, refreshFlow } from './queries.ts';
import classes from './versions-page.module.css';

interface Row extends PastDeployment {
  /** It is what stands there now: the newest of its environment. */
  readonly isCurrent: boolean;
}

/** Who has let what serve where, when and why; what has served can serve again. */
export function HistoryTable({ flowId }: { readonly flowId: string }) {
  const { t } = useTranslation();
  const history = useInfiniteQuery(deploymentsQuery(flowId));
  const may = useMay();
  const [chosen, setChosen] = useState<PastDeployment>();
  const mayDeploy = may('flows.deploy');
  const rows = useMemo(() => rowsOf(history.data?.pages.flatMap((page) => page.deployments) ?? []), [history.data]);
  const columns = useMemo(
    () => [
      ...known,
      ...columnsOf<Row>((column) => [
        column.display({
          id: 'roll-back',
          header: () => <span className="visually-hidden">{t('common.actions')}</span>,
          cell: ({ row }) => <RollBack past={row.original} mayDeploy={mayDeploy} choose={setChosen} />,
        }),
      ]),
    ],
    [mayDeploy, t],
  );
  if (history.error && !history.data) return <ErrorState error={history.error} retry={() => void history.refetch()} />;
  if (!history.data) return <Skeleton height={92} radius={14} />;
  if (rows.length === 0)
    return <EmptyState icon={IconHistory} title={t('versions.historyEmptyTitle')} text={t('versions.historyEmpty')} />;
  return (
    <>
      <DataTable label={t('versions.history')} columns={columns} rows={rows} idOf={({ id }) => id} />
      {history.hasNextPage && (
        <Button
          variant="default"
          mt={12}
          onClick={() => void history.fetchNextPage()}
          loading={history.isFetchingNextPage}
        >
          {t('versions.more')}
        </Button>
      )}
      {chosen && <RollBackDialog flowId={flowId} past={chosen} close={() => setChosen(undefined)} />}
    </>
  );
}

function rowsOf(history: readonly PastDeployment[]): Row[] {
  const newest = new Set(environments.map((one) => history.find(({ environment }) => environment === one)?.id));
  return history.map((past) => ({ ...past, isCurrent: past.action !== 'undeploy' && newest.has(past.id) }));
}

const known = columnsOf<Row>((column) =>
  column.columns([
    column.accessor('at', {
      header: () => t('versions.when'),
      cell: ({ row: { original } }) => <When at={original.at} />,
    }),
    column.accessor('environment', {
      header: () => t('versions.environment'),
      cell: ({ row: { original } }) => (
        <span className={classes.chip} data-environment={original.environment}>
          {t(`nav.environments.${original.environment === 'sandbox' ? 'sandbox' : 'production'}`)}
        </span>
      ),
    }),
    column.accessor('action', {
      header: () => t('versions.action'),
      cell: ({ row: { original } }) => t(`versions.actions.${original.action}`),
    }),
    column.accessor('number', {
      header: () => t('versions.number'),
      cell: ({ row: { original } }) => <span className="numbers">{original.number ?? '–'}</span>,
    }),
    column.accessor('by', { header: () => t('versions.by') }),
    column.accessor('note', {
      header: () => t('versions.note'),
      enableSorting: false,
      cell: ({ row: { original } }) => <span className={classes.note}>{original.note ?? '–'}</span>,
    }),
  ]),
);

interface RollBackProps {
  readonly past: Row;
  readonly mayDeploy: boolean;
  readonly choose: (past: PastDeployment) => void;
}

function RollBack({ past, mayDeploy, choose }: RollBackProps) {
  const { t } = useTranslation();
  const { isCurrent, number, environment, action } = past;
  if (isCurrent) return <span className={classes.quiet}>{t('versions.current')}</span>;
  if (!mayDeploy || action === 'undeploy') return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={t('versions.rollBackNumber', { number: number ?? '', environment })}
      onClick={() => choose(past)}
    >
      {t('versions.rollBack')}
    </Button>
  );
}

interface RollBackDialogProps {
  readonly flowId: string;
  readonly past: PastDeployment;
  readonly close: () => void;
}

function RollBackDialog({ flowId, past, close }: RollBackDialogProps) {
  const { t } = useTranslation();
  const environment = past.environment === 'sandbox' ? 'sandbox' : 'production';
  const rolling = useMutation({
    mutationFn: (note: string | undefined) =>
      call('post /flows/{id}/rollback', {
        params: { id: flowId },
        body: { environment, to: past.id, ...(note !== undefined && { note }) },
      }),
    onSuccess: async ({ number }) => {
      notifyDone(t('versions.rollBackDone', { number, environment }));
      close();
      await refreshFlow(flowId);
    },
  });
  return (
    <NoteDialog
      title={t('versions.rollBackTitle', { environment, number: past.number ?? '' })}
      lead={t('versions.rollBackLead')}
      confirm={t('versions.rollBack')}
      busy={rolling.isPending}
      error={rolling.error}
      act={rolling.mutate}
      close={close}
    />
  );
}
