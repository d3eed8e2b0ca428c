import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../api/types.ts';
import { StatusBadge } from '../app/status.tsx';
import { shortVersion } from '../app/version.ts';
import classes from './runs-page.module.css';

export function RunStatusBadge({ run: { status, overdue } }: { readonly run: RunSummary }) {
  const { t } = useTranslation();
  if (!overdue || status !== 'waiting') return <StatusBadge status={status} />;
  return (
    <Tooltip label={t('runs.overdueHint')}>
      <span>
        <StatusBadge status="overdue" />
      </span>
    </Tooltip>
  );
}

/** What runs, and why it failed; the way to the run. */
export function RunName({ run }: { readonly run: RunSummary }) {
  return (
    <>
      <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.link}>
        {run.flowName}
      </Link>
      <span className={classes.version}>{shortVersion(run.version)}</span>
      {run.error && <div className={classes.error}>{run.error.message}</div>}
    </>
  );
}
