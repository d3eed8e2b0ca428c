import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { AskFirst } from '../parts/ask-first.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { type Key, keysQuery } from './queries.ts';

const columns = columnsOf<Key>((helper) =>
  helper.columns([
    helper.accessor('name', { header: () => translate('keys.name') }),
    helper.accessor(({ role, actions }) => role ?? actions.join(' '), {
      id: 'may',
      header: () => translate('keys.may'),
      cell: ({ row: { original } }) => <Scope apiKey={original} />,
    }),
    helper.accessor('start', {
      header: () => translate('keys.start'),
      cell: ({ getValue }) => <span className="mono">{getValue() ?? '—'}</span>,
    }),
    helper.accessor('createdAt', {
      header: () => translate('keys.created'),
      cell: ({ getValue }) => <When at={getValue()} />,
    }),
    helper.accessor('lastUsedAt', {
      header: () => translate('keys.used'),
      cell: ({ getValue }) => <Moment at={getValue()} otherwise={translate('keys.notUsed')} />,
    }),
    helper.accessor('expiresAt', {
      header: () => translate('keys.expires'),
      cell: ({ getValue }) => <Moment at={getValue()} otherwise={translate('keys.never')} />,
    }),
    helper.display({
      id: 'actions',
      header: () => <span className="visually-hidden">{translate('keys.revoke')}</span>,
      cell: ({ row: { original } }) => <RevokeButton apiKey={original} />,
    }),
  ]),
);

export function KeysPage() {
  const { t } = useTranslation();
  const keys = useQuery(keysQuery);
  return (
    <Page title={t('keys.title')} lead={t('keys.lead')} help="accounts" actions={<NewButton />}>
      <Loaded query={keys}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={IconKey} title={t('keys.emptyTitle')} text={t('keys.empty')}>
              <NewButton />
            </EmptyState>
          ) : (
            <DataTable label={t('keys.title')} columns={columns} rows={all} idOf={({ id }) => id} />
          )
        }
      </Loaded>
    </Page>
  );
}

function NewButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!useMay()('keys.edit')) return null;
  return (
    <>
      <Button leftSection={<IconPlus size={15} />} onClick={() => setOpen(true)}>
        {t('keys.new')}
      </Button>
      {open && <NewKeyDialog close={() => setOpen(false)} />}
    </>
  );
}

function Scope({ apiKey: { role, actions } }: { readonly apiKey: Key }) {
  const { t } = useTranslation();
  if (role !== null) return t(`members.roles.${role}`);
  return (
    <Tooltip label={actions.join(', ')} multiline maw={360}>
      <span>{t('keys.actionsCount', { count: actions.length })}</span>
    </Tooltip>
  );
}

function Moment({ at, otherwise }: { readonly at: string | null; readonly otherwise: string }) {
  return at === null ? <span className={classes.quiet}>{otherwise}</span> : <When at={at} />;
}

function RevokeButton({ apiKey: { id, name } }: { readonly apiKey: Key }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  if (!useMay()('keys.edit')) return null;
  return (
    <div className={classes.rowActions}>
      <Tooltip label={t('keys.revoke')}>
        <ActionIcon aria-label={`${t('keys.revoke')}: ${name}`} onClick={() => setAsking(true)}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
      {asking && (
        <AskFirst
          title={t('keys.revokeTitle', { name })}
          text={t('keys.revokeText')}
          confirm={t('keys.revoke')}
          act={() => call('post /keys/{id}/revoke', { params: { id } })}
          close={() => setAsking(false)}
          done={() => void queryClient.invalidateQueries(keysQuery)}
        />
      )}
    </div>
  );
}
