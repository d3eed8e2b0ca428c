import { Alert, Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { refreshFlow } from '../versions/queries.ts';
import { emptyBundle, idOf } from './new-flow.ts';

interface NewFlowDialogProps {
  /** Ids of the flows that there are. */
  readonly taken: readonly string[];
  readonly close: () => void;
}

/** An empty flow with a name, or the way to the templates. */
export function NewFlowDialog({ taken, close }: NewFlowDialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const making = useMutation({
    mutationFn: () => call('post /flows', { body: emptyBundle(idOf(name, taken), name.trim()) }),
    onSuccess: async ({ id }) => {
      await refreshFlow(id);
      close();
      await navigate({ to: '/flows/$flowId', params: { flowId: id } });
    },
  });
  return (
    <Modal opened onClose={close} size={440} title={t('flows.new')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          making.mutate();
        }}
      >
        <TextInput
          label={t('flows.name')}
          placeholder={t('flows.namePlaceholder')}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Text size="sm" mt={12} c="var(--ink-2)">
          {t('flows.orTemplate')} <Link to="/templates">{t('flows.toTemplates')}</Link>
        </Text>
        {making.error && (
          <Alert color="red" variant="light" mt={16} role="alert">
            {making.error.message}
          </Alert>
        )}
        <Group justify="flex-end" mt={24} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={making.isPending} disabled={name.trim() === ''}>
            {t('flows.create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
