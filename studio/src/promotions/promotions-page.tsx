import { Button, Skeleton } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { ErrorState } from '../app/error-state.tsx';
import { t } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { useFlowNames } from '../flows/use-flow-names.ts';
import { PlanDialog } from './plan-dialog.tsx';
import classes from './promotions.module.css';
import { type PromotionSummary, promotionsQuery } from './queries.ts';
import { StateChip } from './state-chip.tsx';

export function PromotionsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [planning, setPlanning] = useState(false);
  const promotions = useInfiniteQuery(promotionsQuery);
  const rows = promotions.data?.pages.flatMap((page) => page.promotions) ?? [];
  const planButton = may('promotions.plan') && (
    <Button leftSection={<IconRocket size={15} />} onClick={() => setPlanning(true)}>
      {t('promotions.plan')}
    </Button>
  );
  return (
    <Page
      title={t('promotions.title')}
      lead={t('promotions.lead')}
      actions={
        <>
          <Button variant="default" onClick={() => void navigate({ to: '/promotion-rules' })}>
            {t('promotions.rules')}
          </Button>
          {rows.length > 0 && planButton}
        </>
      }
    >
      {promotions.isPending && <Skeleton height={92} radius={14} />}
      {promotions.error && <ErrorState error={promotions.error} retry={() => void promotions.refetch()} />}
      {promotions.data && rows.length === 0 && (
        <EmptyState icon={IconRocket} title={t('promotions.emptyTitle')} text={t('promotions.empty')}>
          {planButton}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable label={t('promotions.title')} columns={columns} rows={rows} idOf={({ id }) => id} />
      )}
      {promotions.hasNextPage && (
        <Button
          variant="default"
          mt={12}
          onClick={() => void promotions.fetchNextPage()}
          loading={promotions.isFetchingNextPage}
        >
          {t('promotions.more')}
        </Button>
      )}
      {planning && <PlanDialog close={() => setPlanning(false)} />}
    </Page>
  );
}

function FlowName({ flow }: { readonly flow: string }) {
  return useFlowNames()(flow);
}

const columns = columnsOf<PromotionSummary>((column) =>
  column.columns([
    column.accessor('flow', {
      header: () => t('promotions.flow'),
      cell: ({ row: { original } }) => (
        <Link to="/promotions/$promotionId" params={{ promotionId: original.id }} className={classes.link}>
          <FlowName flow={original.flow} />
        </Link>
      ),
    }),
    column.accessor('state', {
      header: () => t('promotions.state'),
      cell: ({ row: { original } }) => <StateChip state={original.state} />,
    }),
    column.accessor('note', {
      header: () => t('promotions.note'),
      enableSorting: false,
      cell: ({ row: { original } }) => <span className={classes.note}>{original.note ?? '–'}</span>,
    }),
    column.accessor('plannedBy', { header: () => t('promotions.by') }),
    column.accessor('plannedAt', {
      header: () => t('promotions.planned'),
      cell: ({ row: { original } }) => <When at={original.plannedAt} />,
    }),
  ]),
);
