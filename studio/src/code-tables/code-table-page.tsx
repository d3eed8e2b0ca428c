import { ActionIcon, Button, FileButton, Tooltip } from '@mantine/core';
import { IconDownload, IconPencil, IconPlus, IconTable, IconTrash, IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { Environment } from '../api/types.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { t as translate } from '../app/i18n.ts';
import { notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { AskFirst } from '../parts/ask-first.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { saveFile } from '../parts/save-file.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { byKey, valueText } from './entry-values.ts';
import { ImportDialog } from './import-dialog.tsx';
import {
  type CodeEntry,
  type CodeTable,
  codeTablesQuery,
  entriesQuery,
  refreshCodeTables,
  usesQuery,
} from './queries.ts';

/** A code table with its entries by key. */
export function CodeTablePage() {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const { name } = useParams({ from: '/code-tables/$name' });
  const tables = useQuery(codeTablesQuery(environment));
  const table = tables.data?.find((known) => known.name === name);
  const mayEdit = useMay()('code-tables.edit');
  return (
    <Page
      crumbs={
        <>
          <Link to="/code-tables">{t('codeTables.title')}</Link>
          <span aria-hidden>/</span>
          <span className="mono">{name}</span>
        </>
      }
      title={table?.title ?? name}
      lead={t('codeTables.lead')}
      help="code-tables"
      actions={table && <TableActions table={table} environment={environment} mayEdit={mayEdit} />}
    >
      <Entries key={`${environment} ${name}`} name={name} environment={environment} mayEdit={mayEdit} />
      <UsesPanel name={name} environment={environment} />
    </Page>
  );
}

interface PlaceProps {
  readonly name: string;
  readonly environment: Environment;
  readonly mayEdit: boolean;
}

interface Group {
  readonly key: string;
  readonly periods: readonly CodeEntry[];
}

const columnsWith = (edit: ((group: Group) => void) | undefined, remove: (key: string) => void) =>
  columnsOf<Group>((helper) =>
    helper.columns([
      helper.accessor('key', {
        header: () => translate('codeTables.key'),
        cell: ({ getValue }) => <span className="mono">{getValue()}</span>,
        enableSorting: false,
      }),
      helper.display({
        id: 'value',
        header: () => translate('codeTables.value'),
        cell: ({ row: { original } }) => <Periods periods={original.periods} show={({ value }) => valueText(value)} />,
      }),
      helper.display({
        id: 'from',
        header: () => translate('codeTables.from'),
        cell: ({ row: { original } }) => (
          <Periods periods={original.periods} show={({ validFrom }) => validFrom ?? '—'} />
        ),
      }),
      helper.display({
        id: 'to',
        header: () => translate('codeTables.to'),
        cell: ({ row: { original } }) => <Periods periods={original.periods} show={({ validTo }) => validTo ?? '—'} />,
      }),
      ...(edit
        ? [
            helper.display({
              id: 'actions',
              header: () => <span className="visually-hidden">{translate('codeTables.save')}</span>,
              cell: ({ row: { original } }) => <EntryActions group={original} edit={edit} remove={remove} />,
            }),
          ]
        : []),
    ]),
  );

function Periods({ periods, show }: Pick<Group, 'periods'> & { readonly show: (entry: CodeEntry) => string }) {
  return periods.map((entry) => <div key={entry.validFrom ?? ''}>{show(entry)}</div>);
}

interface EntryActionsProps {
  readonly group: Group;
  readonly edit: (group: Group) => void;
  readonly remove: (key: string) => void;
}

function EntryActions({ group, edit, remove }: EntryActionsProps) {
  const { t } = useTranslation();
  const { key } = group;
  return (
    <div className={classes.rowActions}>
      <Tooltip label={t('codeTables.edit', { key })}>
        <ActionIcon aria-label={t('codeTables.edit', { key })} onClick={() => edit(group)}>
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('codeTables.removeEntry', { key })}>
        <ActionIcon aria-label={t('codeTables.removeEntry', { key })} onClick={() => remove(key)}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function Entries({ name, environment, mayEdit }: PlaceProps) {
  const { t } = useTranslation();
  const entries = useInfiniteQuery(entriesQuery(name, environment));
  const [edited, setEdited] = useState<Group>();
  const [removed, setRemoved] = useState<string>();
  const columns = useMemo(() => columnsWith(mayEdit ? setEdited : undefined, setRemoved), [mayEdit]);
  const place = { name, environment };
  return (
    <>
      {mayEdit && (
        <div className={classes.filters}>
          <Button leftSection={<IconPlus size={15} />} onClick={() => setEdited({ key: '', periods: [] })}>
            {t('codeTables.add')}
          </Button>
        </div>
      )}
      <Loaded query={entries}>
        {({ pages }) => {
          const groups = byKey(pages.flatMap((page) => page.entries));
          return groups.length === 0 ? (
            <EmptyState icon={IconTable} title={t('codeTables.noEntriesTitle')} text={t('codeTables.noEntries')} />
          ) : (
            <DataTable label={t('codeTables.entries')} columns={columns} rows={groups} idOf={({ key }) => key} />
          );
        }}
      </Loaded>
      {entries.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" onClick={() => void entries.fetchNextPage()} loading={entries.isFetchingNextPage}>
            {t('parts.more')}
          </Button>
        </div>
      )}
      {edited && <EntryDialog place={place} group={edited} close={() => setEdited(undefined)} />}
      {removed !== undefined && (
        <AskFirst
          title={t('codeTables.removeEntryTitle', { key: removed })}
          text={t('codeTables.removeEntryText')}
          confirm={t('codeTables.remove')}
          act={() =>
            call('post /code-tables/{name}/entries', { params: { name }, body: { environment, remove: [removed] } })
          }
          close={() => setRemoved(undefined)}
          done={refreshCodeTables}
        />
      )}
    </>
  );
}

interface TableActionsProps {
  readonly table: CodeTable;
  readonly environment: Environment;
  readonly mayEdit: boolean;
}

function TableActions({ table: { name, title, entries }, environment, mayEdit }: TableActionsProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [removing, setRemoving] = useState(false);
  const take = async () => {
    try {
      const { csv } = await call('get /code-tables/{name}/export', { params: { name }, query: { environment } });
      saveFile(`${name}.csv`, new Blob([csv], { type: 'text/csv' }));
    } catch (error) {
      notifyRefused(t('codeTables.refused'), error);
    }
  };
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={15} />} onClick={() => void take()}>
        {t('codeTables.export')}
      </Button>
      {mayEdit && (
        <>
          <FileButton accept="text/csv,.csv" onChange={setFile}>
            {(props) => (
              <Button variant="default" leftSection={<IconUpload size={15} />} {...props}>
                {t('codeTables.import')}
              </Button>
            )}
          </FileButton>
          <Button variant="default" onClick={() => setRemoving(true)}>
            {t('codeTables.removeTable')}
          </Button>
        </>
      )}
      {file && <ImportDialog place={{ name, environment }} file={file} close={() => setFile(null)} />}
      {removing && (
        <AskFirst
          title={t('codeTables.removeTableTitle', { name: title })}
          text={t('codeTables.removeTableText', { count: entries })}
          confirm={t('codeTables.remove')}
          act={() => call('post /code-tables/{name}/delete', { params: { name }, body: { environment } })}
          close={() => setRemoving(false)}
          done={() => {
            refreshCodeTables();
            void navigate({ to: '/code-tables' });
          }}
        />
      )}
    </>
  );
}

function UsesPanel({ name, environment }: Omit<PlaceProps, 'mayEdit'>) {
  const { t } = useTranslation();
  const uses = useQuery(usesQuery(name, environment));
  return (
    <div style={{ marginTop: 20 }}>
      <Panel title={t('codeTables.usedTitle')} text={t('codeTables.usedText')}>
        <Loaded query={uses}>
          {(flows) =>
            flows.length === 0 ? (
              <span className={classes.quiet}>{t('codeTables.unused')}</span>
            ) : (
              flows.map(({ id, name: flow }) => (
                <div key={id}>
                  <Link to="/flows/$flowId" params={{ flowId: id }} className={classes.link}>
                    {flow}
                  </Link>
                </div>
              ))
            )
          }
        </Loaded>
      </Panel>
    </div>
  );
}
