import { Button, TextInput } from '@mantine/core';
import { IconDatabase, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { When } from '../app/when.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { stateIn } from './lifecycle.ts';
import { type RecordFilter, type RecordRow, recordsQuery, recordTypesQuery } from './queries.ts';

/** Records of a type, newest first. @param stateField field that holds the state */
const columnsWith = (stateField: string | undefined) =>
  columnsOf<RecordRow>((helper) =>
    helper.columns([
      helper.accessor('id', {
        header: () => translate('records.id'),
        cell: ({ row: { original } }) => (
          <Link
            to="/records/$type/$recordId"
            params={{ type: original.type, recordId: original.id }}
            className={classes.link}
          >
            {original.id}
          </Link>
        ),
        enableSorting: false,
      }),
      ...(stateField === undefined
        ? []
        : [
            helper.display({
              id: 'state',
              header: () => translate('records.state'),
              cell: ({ row: { original } }) => (
                <span className={classes.chip}>{stateIn(original.data, stateField) ?? '—'}</span>
              ),
            }),
          ]),
      helper.accessor('version', {
        header: () => translate('records.version'),
        cell: ({ getValue }) => <span className="numbers">{getValue()}</span>,
        enableSorting: false,
      }),
      helper.accessor('createdAt', {
        header: () => translate('records.created'),
        cell: ({ getValue }) => <When at={getValue()} />,
        enableSorting: false,
      }),
      helper.accessor('updatedAt', {
        header: () => translate('records.updated'),
        cell: ({ getValue }) => <When at={getValue()} />,
        enableSorting: false,
      }),
    ]),
  );

export function RecordsPage() {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const { type } = useParams({ from: '/records/$type' });
  const filter = useSearch({ from: '/records/$type' });
  const navigate = useNavigate();
  const known = useQuery(recordTypesQuery(environment)).data?.find(({ id }) => id === type);
  const records = useInfiniteQuery(recordsQuery(type, environment, filter));
  const stateField = known?.lifecycle?.field;
  const columns = useMemo(() => columnsWith(stateField), [stateField]);
  const search = (next: RecordFilter) => void navigate({ to: '/records/$type', params: { type }, search: next });
  return (
    <Page
      crumbs={<Link to="/records">{t('records.title')}</Link>}
      title={known?.title ?? type}
      help="nodes/records"
      lead={t('records.lead')}
    >
      <SearchForm key={`${filter.field} ${filter.value}`} type={type} filter={filter} search={search} />
      <Loaded query={records}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.records);
          if (rows.length > 0)
            return <DataTable label={known?.title ?? type} columns={columns} rows={rows} idOf={({ id }) => id} />;
          return filter.field === undefined ? (
            <EmptyState icon={IconDatabase} title={t('records.noneTitle')} text={t('records.none')} />
          ) : (
            <EmptyState icon={IconSearch} title={t('parts.noMatchTitle')} text={t('parts.noMatch')}>
              <Button variant="default" onClick={() => search({})}>
                {t('parts.clear')}
              </Button>
            </EmptyState>
          );
        }}
      </Loaded>
      {records.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" onClick={() => void records.fetchNextPage()} loading={records.isFetchingNextPage}>
            {t('parts.more')}
          </Button>
        </div>
      )}
    </Page>
  );
}

interface SearchFormProps {
  readonly type: string;
  readonly filter: RecordFilter;
  readonly search: (filter: RecordFilter) => void;
}

/** By a field with its value, or straight to a record by its id. */
function SearchForm({ type, filter, search }: SearchFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [field, setField] = useState(filter.field ?? '');
  const [value, setValue] = useState(filter.value ?? '');
  const [recordId, setRecordId] = useState('');
  const find = (event: FormEvent) => {
    event.preventDefault();
    search(field.trim() === '' ? {} : { field: field.trim(), value });
  };
  const open = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: '/records/$type/$recordId', params: { type, recordId: recordId.trim() } });
  };
  return (
    <div className={classes.filters}>
      <form className={classes.filters} onSubmit={find} style={{ margin: 0 }}>
        <TextInput
          label={t('records.field')}
          placeholder={t('records.fieldHint')}
          value={field}
          onChange={(event) => setField(event.currentTarget.value)}
          w={190}
        />
        <TextInput
          label={t('records.value')}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          w={160}
        />
        <Button type="submit" variant="default">
          {t('records.search')}
        </Button>
      </form>
      <form className={classes.filters} onSubmit={open} style={{ margin: '0 0 0 auto' }}>
        <TextInput
          label={t('records.openById')}
          value={recordId}
          onChange={(event) => setRecordId(event.currentTarget.value)}
          required
          withAsterisk={false}
          w={190}
        />
        <Button type="submit" variant="default">
          {t('records.open')}
        </Button>
      </form>
    </div>
  );
}
