import { Button, Group, Modal, MultiSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { RoleSelect } from '../members/invite-dialog.tsx';
import type { MemberRole } from '../members/queries.ts';
import { Refusal } from '../parts/refusal.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { keysQuery } from './queries.ts';

type Kind = 'role' | 'actions';

/** Makes a key with a role or with actions by name, and shows it once. */
export function NewKeyDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const own = useQuery(sessionQuery).data?.actions ?? [];
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('role');
  const [role, setRole] = useState<MemberRole>('operator');
  const [actions, setActions] = useState<string[]>([]);
  const [days, setDays] = useState<number>();
  const making = useMutation({
    mutationFn: () =>
      call('post /keys', {
        body: {
          name: name.trim(),
          ...(kind === 'role' ? { role } : { actions: actions as never }),
          ...(days !== undefined && { days }),
        },
      }),
    onSuccess: () => void queryClient.invalidateQueries(keysQuery),
  });
  if (making.data)
    return (
      <ShownOnce
        title={t('keys.madeTitle')}
        lead={t('keys.made')}
        label={t('keys.title')}
        text={making.data.key}
        close={close}
      />
    );
  return (
    <Modal opened onClose={close} title={t('keys.createTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          making.mutate();
        }}
      >
        <TextInput
          label={t('keys.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
          data-autofocus
          mb={14}
        />
        <SegmentedControl
          aria-label={t('keys.by')}
          data={[
            { value: 'role', label: t('keys.byRole') },
            { value: 'actions', label: t('keys.byActions') },
          ]}
          value={kind}
          onChange={(value) => setKind(value)}
          size="xs"
          fullWidth
          mb={14}
        />
        {kind === 'role' ? (
          <RoleSelect label={t('keys.role')} role={role} choose={setRole} />
        ) : (
          <MultiSelect label={t('keys.actions')} data={[...own]} value={actions} onChange={setActions} searchable />
        )}
        <NumberInput
          label={t('keys.days')}
          description={t('keys.daysHint')}
          value={days ?? ''}
          onChange={(value) => setDays(typeof value === 'number' ? value : undefined)}
          min={1}
          max={365}
          mt={14}
        />
        <Refusal error={making.error} />
        <Group justify="flex-end" mt={20} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={making.isPending} disabled={kind === 'actions' && actions.length === 0}>
            {t('keys.create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
