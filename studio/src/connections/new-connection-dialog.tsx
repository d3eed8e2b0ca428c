import { Alert, Button, Group, Modal, Skeleton, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import type { ConnectionDescription, Json, Problem } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { notifyDone } from '../app/notify.ts';
import { keysOf } from '../editor/problems.ts';

const SchemaForm = lazy(() =>
  import('../inspector/schema-form.tsx').then((module) => ({ default: module.SchemaForm })),
);

interface NewConnectionDialogProps {
  readonly type: ConnectionDescription;
  readonly close: () => void;
}

/** Makes a connection of a type in the environment that is looked at, and says whether the other side can be reached. */
export function NewConnectionDialog({ type, close }: NewConnectionDialogProps) {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const [name, setName] = useState('');
  const [config, setConfig] = useState<Record<string, unknown>>({});
  const making = useMutation({
    mutationFn: () =>
      call('post /connections', {
        body: { name: name.trim(), type: type.id, environment, config: config as Record<string, Json> },
      }),
    onSuccess: ({ status }) => {
      void queryClient.invalidateQueries({ queryKey: ['connections'] });
      if (status !== 'active') return;
      notifyDone(t('newConnection.made', { name }));
      close();
    },
  });
  const refusal = making.error;
  const problems = refusal instanceof ApiError ? refusal.problems : [];
  return (
    <Modal
      opened
      onClose={close}
      size={560}
      title={t('newConnection.title', { type: type.title, environment: t(`nav.environments.${environment}`) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap={16}>
        <TextInput
          data-autofocus
          label={t('newConnection.name')}
          description={t('newConnection.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
        />
        <Suspense fallback={<Skeleton height={120} />}>
          <SchemaForm
            id="new-connection"
            schema={{ title: t('newConnection.way'), ...type.config }}
            value={config}
            onChange={setConfig}
            problems={problems.flatMap(fieldProblem)}
          />
        </Suspense>
        {refusal && (
          <Alert color="red" variant="light" role="alert" title={t('newConnection.refused')}>
            {refusal.message}
          </Alert>
        )}
        {making.data?.status === 'inactive' && (
          <Alert color="yellow" variant="light" role="alert" title={t('newConnection.unreachable')}>
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
            {t('newConnection.make')}
          </Button>
        )}
      </Group>
    </Modal>
  );
}

/** Pointers lead into the request; the form is its `config`. */
function fieldProblem(problem: Problem): (Problem & { readonly field: readonly string[] })[] {
  const [first, ...rest] = keysOf(problem.pointer);
  const field = first === 'config' ? rest : [first, ...rest].filter((key) => key !== undefined);
  return field.length === 0 ? [] : [{ ...problem, field }];
}
