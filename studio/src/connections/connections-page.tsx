import { Button, TextInput } from '@mantine/core';
import { IconPlugConnected, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { catalogueQuery } from '../api/queries.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { HealthBadge } from './health-badge.tsx';
import { type Connection, connectionListQuery } from './queries.ts';

interface Row extends Connection {
  readonly typeTitle: string;
}

const columns = columnsOf<Row>((helper) =>
  helper.columns([
    helper.accessor('name', {
      header: () => translate('connections.name'),
      cell: ({ row: { original } }) => (
        <Link to="/connections/$connectionId" params={{ connectionId: original.id }} className={classes.link}>
          {original.name}
        </Link>
      ),
    }),
    helper.accessor('typeTitle', { header: () => translate('connections.type') }),
    helper.accessor(({ health }) => (health === null ? 1 : health.ok ? 2 : 0), {
      id: 'health',
      header: () => translate('connections.health'),
      cell: ({ row: { original } }) => (
        <>
          <HealthBadge health={original.health} />{' '}
          {original.status === 'inactive' && <span className={classes.chip}>{translate('connections.inactive')}</span>}
        </>
      ),
    }),
    helper.accessor(({ usedBy }) => flowsOf(usedBy).length, {
      id: 'usedBy',
      header: () => translate('connections.usedBy'),
      cell: ({ row: { original } }) => <Users usedBy={original.usedBy} />,
    }),
  ]),
);

/** Other systems, whether they work and who uses them. */
export function ConnectionsPage() {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const connections = useQuery(connectionListQuery(environment));
  const catalogue = useQuery(catalogueQuery);
  const [text, setText] = useState('');
  const quota = connections.data?.quota;
  const rows = useMemo(() => {
    const titles = new Map(catalogue.data?.connections.map(({ id, title }) => [id, title]));
    const wanted = text.trim().toLowerCase();
    return (connections.data?.connections ?? [])
      .map((connection): Row => ({ ...connection, typeTitle: titles.get(connection.type) ?? connection.type }))
      .filter(({ name, typeTitle }) => `${name} ${typeTitle}`.toLowerCase().includes(wanted));
  }, [connections.data, catalogue.data, text]);
  return (
    <Page title={t('connections.title')} lead={t('connections.lead')} help="connections" actions={<NewButton />}>
      <Loaded query={connections}>
        {({ connections: all }) =>
          all.length === 0 ? (
            <EmptyState icon={IconPlugConnected} title={t('connections.emptyTitle')} text={t('connections.empty')}>
              <NewButton />
            </EmptyState>
          ) : (
            <>
              <div className={classes.filters}>
                <TextInput
                  aria-label={t('connections.search')}
                  placeholder={t('connections.search')}
                  leftSection={<IconSearch size={15} />}
                  value={text}
                  onChange={(event) => setText(event.currentTarget.value)}
                />
                {quota && <span className={classes.quiet}>{t('connections.quota', quota)}</span>}
              </div>
              {rows.length === 0 ? (
                <EmptyState icon={IconSearch} title={t('parts.noMatchTitle')} text={t('parts.noMatch')} />
              ) : (
                <DataTable label={t('connections.title')} columns={columns} rows={rows} idOf={({ id }) => id} />
              )}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function NewButton() {
  const { t } = useTranslation();
  if (!useMay()('connections.edit')) return null;
  return (
    <Button component={Link} to="/connections/new" leftSection={<IconPlus size={15} />}>
      {t('connections.new')}
    </Button>
  );
}

function Users({ usedBy }: Pick<Connection, 'usedBy'>) {
  const { t } = useTranslation();
  const flows = flowsOf(usedBy);
  if (flows.length === 0) return <span className={classes.quiet}>{t('connections.unused')}</span>;
  return <span title={flows.join(', ')}>{t('connections.flows', { count: flows.length })}</span>;
}

function flowsOf(usedBy: Connection['usedBy']): string[] {
  return [...new Set(usedBy.map(({ flow }) => flow))];
}
