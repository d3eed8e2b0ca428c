import { Button, Group, Modal, Select, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { Refusal } from '../parts/refusal.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { type MemberRole, memberRoles } from './queries.ts';

/** Makes a link by which somebody comes in, to be handed on. */
export function InviteDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<MemberRole>('viewer');
  const inviting = useMutation({
    mutationFn: () => call('post /members/invite', { body: { email: email.trim(), role } }),
  });
  if (inviting.data)
    return (
      <ShownOnce
        title={t('members.invitedTitle')}
        lead={t('members.invited', { email })}
        label={t('members.link')}
        text={`${location.origin}/welcome#${inviting.data.token}`}
        close={close}
      />
    );
  return (
    <Modal opened onClose={close} title={t('members.inviteTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          inviting.mutate();
        }}
      >
        <Text size="sm" mb={16}>
          {t('members.inviteLead')}
        </Text>
        <TextInput
          label={t('members.email')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          data-autofocus
          mb={14}
        />
        <RoleSelect label={t('members.role')} role={role} choose={setRole} />
        <Refusal error={inviting.error} />
        <Group justify="flex-end" mt={20} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={inviting.isPending}>
            {t('members.makeLink')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface RoleSelectProps {
  readonly label: string;
  readonly role: MemberRole;
  readonly choose: (role: MemberRole) => void;
}

export function RoleSelect({ label, role, choose }: RoleSelectProps) {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      data={memberRoles.map((value) => ({ value, label: t(`members.roles.${value}`) }))}
      value={role}
      onChange={(value) => choose(value as MemberRole)}
    />
  );
}
