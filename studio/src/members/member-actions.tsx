import { ActionIcon, Select, Tooltip } from '@mantine/core';
import { IconKey, IconUserMinus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { AskFirst } from '../parts/ask-first.tsx';
import classes from '../parts/panel.module.css';
import { ShownOnce } from '../parts/shown-once.tsx';
import { type Member, type MemberRole, memberRoles, membersQuery } from './queries.ts';

const refresh = () => void queryClient.invalidateQueries(membersQuery);

/** The role of a member, which an admin may change. */
export function RoleChoice({ member: { id, name, role } }: { readonly member: Member }) {
  const { t } = useTranslation();
  const changing = useMutation({
    mutationFn: (next: MemberRole) => call('post /members/{id}/role', { params: { id }, body: { role: next } }),
    onSuccess: (member) => notifyDone(t('members.changed', { name, role: t(`members.roles.${member.role}`) })),
    onError: (error) => notifyRefused(t('members.refused'), error),
    onSettled: refresh,
  });
  if (!useMay()('members.edit')) return t(`members.roles.${role}`);
  return (
    <Select
      aria-label={t('members.roleOf', { name })}
      data={memberRoles.map((value) => ({ value, label: t(`members.roles.${value}`) }))}
      value={role}
      onChange={(next) => changing.mutate(next as MemberRole)}
      w={130}
    />
  );
}

/** A link for a new password, and the way out. */
export function MemberActions({ member: { id, name, email } }: { readonly member: Member }) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const resetting = useMutation({
    mutationFn: () => call('post /members/{id}/reset-password', { params: { id } }),
    onError: (error) => notifyRefused(t('members.reset'), error),
  });
  if (!useMay()('members.edit')) return null;
  return (
    <div className={classes.rowActions}>
      <Tooltip label={t('members.reset')}>
        <ActionIcon
          aria-label={`${t('members.reset')}: ${name}`}
          onClick={() => resetting.mutate()}
          loading={resetting.isPending}
        >
          <IconKey size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('members.remove')}>
        <ActionIcon aria-label={`${t('members.remove')}: ${name}`} onClick={() => setRemoving(true)}>
          <IconUserMinus size={16} />
        </ActionIcon>
      </Tooltip>
      {resetting.data && (
        <ShownOnce
          title={t('members.resetTitle')}
          lead={t('members.resetLead', { name })}
          label={t('members.resetTitle')}
          text={`${location.origin}/reset-password#${resetting.data.token}`}
          close={() => resetting.reset()}
        />
      )}
      {removing && (
        <AskFirst
          title={t('members.removeTitle', { name })}
          text={t('members.removeText', { email })}
          confirm={t('members.remove')}
          act={() => call('post /members/{id}/remove', { params: { id } })}
          close={() => setRemoving(false)}
          done={refresh}
        />
      )}
    </div>
  );
}
