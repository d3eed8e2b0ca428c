import { Button, Group, Modal, TextInput } from '@mantine/core';
import { IconPlus, IconTable } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Refusal } from '../parts/refusal.tsx';
import { type CodeTable, codeTablesQuery, refreshCodeTables } from './queries.ts';

const columns = columnsOf<CodeTable>((helper) =>
  helper.columns([
    helper.accessor('title', {
      header: () => translate('codeTables.tableTitle'),
      cell: ({ row: { original } }) => (
        <Link to="/code-tables/$name" params={{ name: original.name }} className={classes.link}>
          {original.title}
        </Link>
      ),
    }),
    helper.accessor('name', {
      header: () => translate('codeTables.name'),
      cell: ({ getValue }) => <span className="mono">{getValue()}</span>,
    }),
    helper.accessor('entries', {
      header: () => translate('codeTables.entries'),
      cell: ({ getValue }) => <span className="numbers">{getValue()}</span>,
    }),
    helper.accessor('version', {
      header: () => translate('codeTables.version'),
      cell: ({ getValue }) => <span className="numbers">{getValue()}</span>,
    }),
    helper.accessor('updatedAt', {
      header: () => translate('codeTables.updated'),
      cell: ({ getValue }) => <When at={getValue()} />,
    }),
  ]),
);

export function CodeTablesPage() {
  const { t } = useTranslation();
  const tables = useQuery(codeTablesQuery(useEnvironment()));
  return (
    <Page title={t('codeTables.title')} lead={t('codeTables.lead')} help="code-tables" actions={<NewButton />}>
      <Loaded query={tables}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={IconTable} title={t('codeTables.emptyTitle')} text={t('codeTables.empty')}>
              <NewButton />
            </EmptyState>
          ) : (
            <DataTable label={t('codeTables.title')} columns={columns} rows={all} idOf={({ name }) => name} />
          )
        }
      </Loaded>
    </Page>
  );
}

function NewButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!useMay()('code-tables.edit')) return null;
  return (
    <>
      <Button leftSection={<IconPlus size={15} />} onClick={() => setOpen(true)}>
        {t('codeTables.new')}
      </Button>
      {open && <NewTableDialog close={() => setOpen(false)} />}
    </>
  );
}

function NewTableDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const environment = useEnvironment();
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const making = useMutation({
    mutationFn: () => call('put /code-tables/{name}', { params: { name }, body: { title: title.trim(), environment } }),
    onSuccess: () => {
      refreshCodeTables();
      void navigate({ to: '/code-tables/$name', params: { name } });
    },
  });
  return (
    <Modal opened onClose={close} title={t('codeTables.createTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          making.mutate();
        }}
      >
        <TextInput
          label={t('codeTables.tableTitle')}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={200}
          required
          data-autofocus
          mb={14}
        />
        <TextInput
          label={t('codeTables.name')}
          description={t('codeTables.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          pattern="[A-Za-z][A-Za-z0-9_.\-]*"
          maxLength={100}
          required
        />
        <Refusal error={making.error} />
        <Group justify="flex-end" mt={20} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={making.isPending}>
            {t('codeTables.create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
