import { Button } from '@mantine/core';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberActions, RoleChoice } from './member-actions.tsx';
import { type Member, membersQuery } from './queries.ts';
import { RoleMatrix } from './role-matrix.tsx';

const columns = columnsOf<Member>((helper) =>
  helper.columns([
    helper.accessor('name', { header: () => translate('members.name') }),
    helper.accessor('email', { header: () => translate('members.email') }),
    helper.accessor('role', {
      header: () => translate('members.role'),
      cell: ({ row: { original } }) => <RoleChoice member={original} />,
    }),
    helper.accessor('since', {
      header: () => translate('members.since'),
      cell: ({ getValue }) => <When at={getValue()} />,
    }),
    helper.display({
      id: 'actions',
      header: () => <span className="visually-hidden">{translate('members.actions')}</span>,
      cell: ({ row: { original } }) => <MemberActions member={original} />,
    }),
  ]),
);

export function MembersPage() {
  const { t } = useTranslation();
  const members = useQuery(membersQuery);
  return (
    <Page title={t('members.title')} lead={t('members.lead')} help="accounts" actions={<InviteButton />}>
      <Loaded query={members}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={IconUsers} title={t('members.emptyTitle')} text={t('members.empty')} />
          ) : (
            <DataTable label={t('members.title')} columns={columns} rows={all} idOf={({ id }) => id} />
          )
        }
      </Loaded>
      <RoleMatrix />
    </Page>
  );
}

function InviteButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!useMay()('members.edit')) return null;
  return (
    <>
      <Button leftSection={<IconUserPlus size={15} />} onClick={() => setOpen(true)}>
        {t('members.invite')}
      </Button>
      {open && <InviteDialog close={() => setOpen(false)} />}
    </>
  );
}
