import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { t as translate } from '../app/i18n.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { When } from '../app/when.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { ownSessionsQuery } from './queries.ts';

interface Row {
  readonly startedAt: string;
  readonly endsAt: string;
  readonly current: boolean;
  readonly tenant: string | null;
}

const columns = columnsOf<Row>((helper) =>
  helper.columns([
    helper.accessor('tenant', {
      header: () => translate('account.sessions.tenant'),
      cell: ({ row: { original } }) => (
        <>
          {original.tenant ?? '—'}{' '}
          {original.current && <span className={classes.chip}>{translate('account.sessions.current')}</span>}
        </>
      ),
    }),
    helper.accessor('startedAt', {
      header: () => translate('account.sessions.started'),
      cell: ({ getValue }) => <When at={getValue()} />,
    }),
    helper.accessor('endsAt', {
      header: () => translate('account.sessions.ends'),
      cell: ({ getValue }) => <When at={getValue()} />,
    }),
  ]),
);

/** Where else the person is signed in. */
export function SessionsPanel() {
  const { t } = useTranslation();
  const sessions = useQuery(ownSessionsQuery);
  const ending = useMutation({
    mutationFn: () => call('post /session/end-others'),
    onSuccess: () => {
      notifyDone(t('account.sessions.ended'));
      void queryClient.invalidateQueries({ queryKey: ['session', 'sessions'] });
    },
    onError: (error) => notifyRefused(t('account.sessions.title'), error),
  });
  const others = (sessions.data ?? []).some(({ current }) => !current);
  const button = (
    <Button variant="default" onClick={() => ending.mutate()} loading={ending.isPending}>
      {t('account.sessions.endOthers')}
    </Button>
  );
  return (
    <Panel title={t('account.sessions.title')} text={t('account.sessions.text')} actions={others ? button : undefined}>
      <Loaded query={sessions}>
        {(rows) => (
          <DataTable
            label={t('account.sessions.title')}
            columns={columns}
            rows={rows}
            idOf={({ startedAt, endsAt }) => startedAt + endsAt}
          />
        )}
      </Loaded>
    </Panel>
  );
}
