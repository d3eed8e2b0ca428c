import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconBellOff } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import type { Alert } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { ErrorState } from '../app/error-state.tsx';
import { notifyRefused } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import classes from './alerts-page.module.css';
import { alertPagesQuery } from './queries.ts';

export function AlertList({ state }: { readonly state: 'open' | 'closed' }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(alertPagesQuery(state));
  const alerts = pages.data?.pages.flatMap((page) => page.alerts);
  if (pages.error && !alerts) return <ErrorState error={pages.error} retry={() => void pages.refetch()} />;
  if (!alerts) return <Skeleton height={72} radius={12} />;
  if (alerts.length === 0)
    return (
      <EmptyState
        icon={IconBellOff}
        title={t(state === 'open' ? 'alerts.emptyTitle' : 'alerts.noClosedTitle')}
        text={t(state === 'open' ? 'alerts.empty' : 'alerts.noClosed')}
      />
    );
  return (
    <>
      <ul className={classes.list}>
        {alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('alerts.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function AlertRow({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation();
  return (
    <li className={classes.alert} data-severity={alert.severity} data-closed={alert.closedAt !== null}>
      <span className={classes.icon}>
        <IconAlertTriangle size={17} stroke={1.9} aria-hidden />
      </span>
      <div className={classes.text}>
        <div className={classes.message}>{alert.message}</div>
        <div className={classes.facts}>
          <span className="mono">{alert.code}</span>
          <span aria-hidden>·</span>
          <When at={alert.at} />
          {alert.closedAt !== null && (
            <>
              <span aria-hidden>·</span>
              <span>
                {t('alerts.closed')} <When at={alert.closedAt} />
              </span>
            </>
          )}
          {alert.acknowledgedBy !== null && (
            <>
              <span aria-hidden>·</span>
              <span>{t('alerts.acknowledged', { who: alert.acknowledgedBy })}</span>
            </>
          )}
        </div>
        {alert.deliveries.map(({ channelId, channel, state, error }) => (
          <div key={channelId} className={classes.delivery} data-state={state}>
            {t(`alerts.delivery.${state}`, { channel, error: error ?? '–' })}
          </div>
        ))}
      </div>
      {alert.closedAt === null && alert.acknowledgedAt === null && <Acknowledge id={alert.id} />}
      {alert.runId !== null && (
        <Link to="/runs/$runId" params={{ runId: alert.runId }} className={classes.link}>
          {t('alerts.openRun')}
        </Link>
      )}
      {alert.runId === null && alert.flowId !== null && (
        <Link to="/flows/$flowId" params={{ flowId: alert.flowId }} className={classes.link}>
          {t('alerts.openFlow')}
        </Link>
      )}
    </li>
  );
}

function Acknowledge({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const acknowledging = useMutation({
    mutationFn: () => call('post /alerts/{id}/acknowledge', { params: { id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['alerts'] }),
    onError: (error) => notifyRefused(t('alerts.notAcknowledged'), error),
  });
  if (!may('alerts.acknowledge')) return null;
  return (
    <Button variant="default" loading={acknowledging.isPending} onClick={() => acknowledging.mutate()}>
      {t('alerts.acknowledge')}
    </Button>
  );
}
