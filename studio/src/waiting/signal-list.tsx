import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnmatchedSignal } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { StatusBadge } from '../app/status.tsx';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { type EndlessColumn, EndlessSkeleton, EndlessTable } from '../endless/endless-table.tsx';
import { useEndless } from '../endless/use-endless.ts';
import { MatchDialog } from './match-dialog.tsx';
import { signalPage } from './queries.ts';
import classes from './waiting-page.module.css';

/** Signals that nobody has taken; each can be given to whoever waits. */
export function SignalList({ keyText }: { readonly keyText: string | undefined }) {
  const { t } = useTranslation();
  const may = useMay();
  const environment = useEnvironment();
  const [chosen, setChosen] = useState<UnmatchedSignal>();
  const wanted = { environment, key: keyText };
  const list = useEndless<UnmatchedSignal>({ key: ['signals', wanted], page: (before) => signalPage(wanted, before) });
  const columns = useColumns(may('signals.match') ? setChosen : undefined);
  if (list.error) return <ErrorState error={list.error} retry={list.again} />;
  if (!list.rows) return <EndlessSkeleton />;
  return (
    <>
      {list.rows.length === 0 ? (
        <EmptyState icon={IconCircleCheck} title={t('waiting.noSignalsTitle')} text={t('waiting.noSignals')} />
      ) : (
        <EndlessTable label={t('waiting.views.signals')} list={list} columns={columns} />
      )}
      {chosen && <MatchDialog signal={chosen} close={() => setChosen(undefined)} />}
    </>
  );
}

function useColumns(match: ((signal: UnmatchedSignal) => void) | undefined): EndlessColumn<UnmatchedSignal>[] {
  const { t } = useTranslation();
  return [
    {
      id: 'state',
      width: 154,
      head: t('waiting.state'),
      cell: ({ state }) => <StatusBadge status={state as 'kept' | 'late' | 'rejected' | 'malformed'} />,
    },
    {
      id: 'key',
      head: t('waiting.key'),
      cell: ({ key, reason }) => (
        <>
          <span className="mono">{key ?? t('waiting.noKey')}</span>
          {reason !== null && <div className={classes.second}>{reason}</div>}
        </>
      ),
    },
    {
      id: 'from',
      width: '26%',
      head: t('waiting.from'),
      cell: ({ source, channel }) => (
        <>
          {source}
          <div className={`mono ${classes.second}`}>{channel}</div>
        </>
      ),
    },
    {
      id: 'received',
      width: 124,
      head: t('waiting.received'),
      cell: ({ receivedAt }) => (
        <span className={classes.quiet}>
          <When at={receivedAt} />
        </span>
      ),
    },
    {
      id: 'match',
      width: match ? 128 : 0,
      head: <span className="visually-hidden">{t('waiting.match')}</span>,
      cell: (signal) =>
        match && (
          <Button variant="default" onClick={() => match(signal)} className={classes.over ?? ''}>
            {t('waiting.match')}
          </Button>
        ),
    },
  ];
}
