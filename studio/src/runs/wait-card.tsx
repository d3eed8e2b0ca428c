import { useTranslation } from 'react-i18next';
import type { RunWait } from '../api/types.ts';
import { StatusBadge } from '../app/status.tsx';
import { When } from '../app/when.tsx';
import classes from './run-page.module.css';

/** What a step waits for, and until when. */
export function WaitCard({ wait }: { readonly wait: RunWait }) {
  const { t } = useTranslation();
  const overdue = wait.state === 'open' && wait.overdueSince !== null;
  return (
    <div className={classes.wait} data-open={wait.state === 'open'}>
      <div className={classes.waitHead}>
        <StatusBadge status={overdue ? 'overdue' : wait.state === 'open' ? 'waiting' : wait.state} />
        <span>
          {t('run.wait.opened').toLowerCase()} <When at={wait.openedAt} />
        </span>
      </div>
      <dl className={classes.pairs}>
        <dt>{t('run.wait.key')}</dt>
        <dd className="mono">{wait.key}</dd>
        {wait.dueAt !== null && (
          <>
            <dt>{t('run.wait.due')}</dt>
            <dd>
              <When at={wait.dueAt} />
            </dd>
          </>
        )}
        {wait.expiresAt !== null && (
          <>
            <dt>{t('run.wait.expires')}</dt>
            <dd>
              <When at={wait.expiresAt} />
            </dd>
          </>
        )}
        {wait.overdueSince !== null && (
          <>
            <dt>{t('run.wait.overdue')}</dt>
            <dd>
              <When at={wait.overdueSince} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
