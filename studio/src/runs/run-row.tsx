import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../api/types.ts';
import { StatusBadge } from '../app/status.tsx';
import { shortVersion } from '../app/version.ts';
import { Took, When } from '../app/when.tsx';
import classes from './runs-page.module.css';

export function RunRow({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation();
  return (
    <tr className={classes.row}>
      <td>
        {run.overdue && run.status === 'waiting' ? (
          <Tooltip label={t('runs.overdueHint')}>
            <span>
              <StatusBadge status="overdue" />
            </span>
          </Tooltip>
        ) : (
          <StatusBadge status={run.status} />
        )}
      </td>
      <td>
        <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.link}>
          {run.flowName}
        </Link>
        <span className={classes.version}>{shortVersion(run.version)}</span>
        {run.error && <div className={classes.error}>{run.error.message}</div>}
      </td>
      <td className={classes.quiet}>{run.trigger.source}</td>
      <td className={classes.quiet}>
        <When at={run.startedAt} />
      </td>
      <td className={classes.quiet}>
        <Took from={run.startedAt} to={run.finishedAt} />
      </td>
    </tr>
  );
}
