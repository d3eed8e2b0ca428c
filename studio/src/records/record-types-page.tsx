import { IconDatabase } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { statesOf } from './lifecycle.ts';
import { type RecordType, recordTypesQuery } from './queries.ts';

/** So far the server counts. */
const counted = 10_000;

const columns = columnsOf<RecordType>((helper) =>
  helper.columns([
    helper.accessor('title', {
      header: () => translate('records.type'),
      cell: ({ row: { original } }) => (
        <Link to="/records/$type" params={{ type: original.id }} className={classes.link}>
          {original.title}
        </Link>
      ),
    }),
    helper.accessor('records', {
      header: () => translate('records.count'),
      cell: ({ getValue }) => (
        <span className="numbers">{getValue() >= counted ? translate('records.many') : getValue()}</span>
      ),
    }),
    helper.display({
      id: 'states',
      header: () => translate('records.states'),
      cell: ({ row: { original } }) => (
        <span className={classes.quiet}>{original.lifecycle ? statesOf(original.lifecycle).join(' · ') : '—'}</span>
      ),
    }),
  ]),
);

export function RecordTypesPage() {
  const { t } = useTranslation();
  const types = useQuery(recordTypesQuery(useEnvironment()));
  return (
    <Page title={t('records.title')} lead={t('records.lead')} help="nodes/records">
      <Loaded query={types}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={IconDatabase} title={t('records.emptyTitle')} text={t('records.empty')} />
          ) : (
            <DataTable label={t('records.title')} columns={columns} rows={all} idOf={({ id }) => id} />
          )
        }
      </Loaded>
    </Page>
  );
}
