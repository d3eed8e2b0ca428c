import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AnswerTo } from '../api/client.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { t as translate } from '../app/i18n.ts';
import { StatusBadge } from '../app/status.tsx';
import { When } from '../app/when.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { connectionHistoryQuery } from './queries.ts';

type Row = AnswerTo<'get /connections/{id}/history'>['events'][number];

const columns = columnsOf<Row>((helper) =>
  helper.columns([
    helper.accessor('kind', {
      header: () => translate('connections.what'),
      cell: ({ row: { original } }) => (
        <>
          <StatusBadge status={original.ok ? 'succeeded' : 'failed'} />{' '}
          {translate(`connections.kinds.${original.kind}`)}
        </>
      ),
    }),
    helper.accessor('message', {
      header: () => translate('connections.message'),
      cell: ({ row: { original } }) => (
        <>
          {original.message}{' '}
          {original.times > 1 && (
            <span className={classes.chip}>{translate('connections.times', { count: original.times })}</span>
          )}
        </>
      ),
    }),
    helper.accessor('lastAt', {
      header: () => translate('connections.when'),
      cell: ({ getValue }) => <When at={getValue()} />,
    }),
  ]),
);

/** How the connection fared. */
export function HistoryPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const history = useQuery(connectionHistoryQuery(id));
  return (
    <Panel title={t('connections.historyTitle')} text={t('connections.historyText')}>
      <Loaded query={history}>
        {(events) =>
          events.length === 0 ? (
            <span className={classes.quiet}>{t('connections.historyEmpty')}</span>
          ) : (
            <DataTable
              label={t('connections.historyTitle')}
              columns={columns}
              rows={events}
              idOf={(event) => event.id}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
