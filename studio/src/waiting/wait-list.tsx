import { Button } from '@mantine/core';
import { IconFilterOff, IconHourglass } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OpenWait } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { StatusBadge } from '../app/status.tsx';
import { When } from '../app/when.tsx';
import { type EndlessColumn, EndlessSkeleton, EndlessTable } from '../endless/endless-table.tsx';
import { useEndless } from '../endless/use-endless.ts';
import { waitPage } from './queries.ts';
import classes from './waiting-page.module.css';

interface WaitListProps {
  readonly state: 'overdue' | 'rejected' | undefined;
  readonly keyText: string | undefined;
  readonly clear: () => void;
}

/** Open waits, each with the way to its run. */
export function WaitList({ state, keyText, clear }: WaitListProps) {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const columns = useColumns();
  const wanted = { environment, state, key: keyText };
  const list = useEndless<OpenWait>({ key: ['waits', wanted], page: (before) => waitPage(wanted, before) });
  if (list.error) return <ErrorState error={list.error} retry={list.again} />;
  if (!list.rows) return <EndlessSkeleton />;
  if (list.rows.length > 0) return <EndlessTable label={t('waiting.waits')} list={list} columns={columns} />;
  if (state === undefined && keyText === undefined)
    return <EmptyState icon={IconHourglass} title={t('waiting.emptyTitle')} text={t('waiting.empty')} />;
  return (
    <EmptyState icon={IconFilterOff} title={t('waiting.noMatchTitle')} text={t('waiting.noMatch')}>
      <Button variant="default" onClick={clear}>
        {t('waiting.clear')}
      </Button>
    </EmptyState>
  );
}

function useColumns(): EndlessColumn<OpenWait>[] {
  const { t } = useTranslation();
  return [
    {
      id: 'state',
      width: 140,
      head: t('waiting.state'),
      cell: ({ overdueSince }) => <StatusBadge status={overdueSince === null ? 'waiting' : 'overdue'} />,
    },
    { id: 'key', head: t('waiting.key'), cell: (wait) => <Key wait={wait} /> },
    {
      id: 'flow',
      width: '26%',
      head: t('waiting.flow'),
      cell: ({ flowName, step }) => (
        <>
          {flowName}
          <div className={`mono ${classes.second}`}>{step}</div>
        </>
      ),
    },
    {
      id: 'since',
      width: 124,
      head: t('waiting.since'),
      cell: ({ openedAt }) => (
        <span className={classes.quiet}>
          <When at={openedAt} />
        </span>
      ),
    },
    {
      id: 'due',
      width: 124,
      head: t('waiting.due'),
      cell: ({ dueAt, expiresAt }) => <Due at={dueAt ?? expiresAt} />,
    },
  ];
}

function Due({ at }: { readonly at: string | null }) {
  const { t } = useTranslation();
  return <span className={classes.quiet}>{at === null ? t('waiting.never') : <When at={at} />}</span>;
}

function Key({ wait: { key, runId, rejections, rejection } }: { readonly wait: OpenWait }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to="/runs/$runId" params={{ runId }} className={classes.name}>
        {key}
      </Link>
      {rejections > 0 && (
        <div className={classes.second} data-bad="true">
          {t('waiting.rejected', { count: rejections, reason: rejection ?? '–' })}
        </div>
      )}
    </>
  );
}
