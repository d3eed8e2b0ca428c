import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { ConnectionDescription } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { notifyDone } from '../app/notify.ts';
import { Refusal } from '../parts/refusal.tsx';
import { ConfigForm } from './config-form.tsx';
import { refreshConnections } from './queries.ts';
import { firstConfig } from './variants.ts';

interface NewConnectionDialogProps {
  readonly type: ConnectionDescription;
  readonly close: () => void;
}

/** Makes a connection of a type in the environment that is looked at, and says whether the other side can be reached. */
export function NewConnectionDialog({ type, close }: NewConnectionDialogProps) {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const [name, setName] = useState('');
  const [config, setConfig] = useState(() => firstConfig(type.config));
  const making = useMutation({
    mutationFn: () => call('post /connections', { body: { name: name.trim(), type: type.id, environment, config } }),
    onSuccess: ({ status }) => {
      refreshConnections();
      if (status !== 'active') return;
      notifyDone(t('connections.made', { name }));
      close();
    },
  });
  return (
    <Modal
      opened
      onClose={close}
      size={560}
      title={t('connections.newOf', { type: type.title, environment: t(`nav.environments.${environment}`) })}
    >
      <Stack gap={16}>
        <TextInput
          data-autofocus
          label={t('connections.name')}
          description={t('connections.wizard.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
        />
        <ConfigForm schema={type.config} config={config} change={setConfig} error={making.error} />
        <Refusal error={making.error} />
        {making.data?.status === 'inactive' && (
          <Alert color="yellow" variant="light" role="alert" title={t('connections.unreachable')}>
            {making.data.health?.message}
          </Alert>
        )}
      </Stack>
      <Group justify="flex-end" mt={20} gap={8}>
        <Button variant="default" onClick={close}>
          {t(making.data ? 'common.close' : 'common.cancel')}
        </Button>
        {!making.data && (
          <Button onClick={() => making.mutate()} loading={making.isPending} disabled={name.trim() === ''}>
            {t('connections.wizard.create')}
          </Button>
        )}
      </Group>
    </Modal>
  );
}
