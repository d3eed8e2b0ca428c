import { Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconBellOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alertsQuery } from '../api/queries.ts';
import type { Alert } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { When } from '../app/when.tsx';
import classes from './alerts-page.module.css';

export function AlertsPage() {
  const { t } = useTranslation();
  const alerts = useQuery(alertsQuery);
  return (
    <Page title={t('alerts.title')} lead={t('alerts.lead')}>
      {alerts.isPending && <Skeleton height={72} radius={12} />}
      {alerts.error && <ErrorState error={alerts.error} retry={() => void alerts.refetch()} />}
      {alerts.data?.length === 0 && (
        <EmptyState icon={IconBellOff} title={t('alerts.emptyTitle')} text={t('alerts.empty')} />
      )}
      {alerts.data && alerts.data.length > 0 && (
        <ul className={classes.list}>
          {alerts.data.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function AlertRow({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation();
  return (
    <li className={classes.alert} data-severity={alert.severity}>
      <span className={classes.icon}>
        <IconAlertTriangle size={17} stroke={1.9} aria-hidden />
      </span>
      <div className={classes.text}>
        <div className={classes.message}>{alert.message}</div>
        <div className={classes.facts}>
          <span className="mono">{alert.code}</span>
          <span aria-hidden>·</span>
          <When at={alert.at} />
        </div>
      </div>
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
