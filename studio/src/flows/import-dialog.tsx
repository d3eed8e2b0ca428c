import { Alert, Button, Group, Modal, Skeleton, Text } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { FlowBundle, Json, Problem } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { ChangeList } from '../versions/change-list.tsx';
import { refreshFlow } from '../versions/queries.ts';
import classes from './flow-page.module.css';

interface ImportDialogProps {
  readonly bundle: FlowBundle;
  readonly close: () => void;
}

/** What importing a file would do: everything that is wrong with it, and what changes; then it is done, or not. */
export function ImportDialog({ bundle, close }: ImportDialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const plan = useQuery({
    queryKey: ['import plan', bundle],
    queryFn: () => call('post /flows/plan', { body: { bundle: bundle as unknown as Json } }),
    staleTime: 0,
    gcTime: 0,
  });
  const { id } = bundle.flow;
  const revision = plan.data?.revision ?? null;
  const importing = useMutation({
    mutationFn: () =>
      revision === null
        ? call('post /flows', { body: bundle })
        : call('put /flows/{id}', { params: { id }, body: { revision, bundle } }),
    onSuccess: async () => {
      notifyDone(t('flows.imported', { name: bundle.flow.name }));
      await refreshFlow(id);
      close();
      await navigate({ to: '/flows/$flowId', params: { flowId: id } });
    },
  });
  const errors = plan.data?.problems.filter(isError) ?? [];
  const error = importing.error ?? plan.error;
  return (
    <Modal opened onClose={close} size={620} title={t('import.title', { name: bundle.flow.name })}>
      {plan.isPending && <Skeleton height={120} />}
      {plan.data && (
        <>
          {plan.data.id !== null && (
            <Text size="sm" c="var(--ink-2)">
              {t(revision === null ? 'import.isNew' : 'import.replaces', { id: plan.data.id })}
            </Text>
          )}
          {errors.length > 0 ? (
            <Refused problems={errors} />
          ) : (
            <p className={classes.importReady} role="status">
              <IconCircleCheck size={16} aria-hidden /> {t('import.ready')}
            </p>
          )}
          {plan.data.changes.length > 0 && (
            <section className={classes.importChanges} aria-label={t('import.changes')}>
              <ChangeList changes={plan.data.changes} nodes={bundle.flow.nodes} />
            </section>
          )}
          {revision !== null && errors.length === 0 && plan.data.changes.length === 0 && (
            <p className={classes.dialogFact}>{t('import.same')}</p>
          )}
        </>
      )}
      {error && (
        <Alert color="red" variant="light" mt={16} title={t('flows.importFailed')} role="alert">
          {error.message}
        </Alert>
      )}
      <Group justify="flex-end" mt={24} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          onClick={() => importing.mutate()}
          loading={importing.isPending}
          disabled={!plan.data || errors.length > 0}
          data-autofocus
        >
          {t(revision === null ? 'import.confirm' : 'import.replace')}
        </Button>
      </Group>
    </Modal>
  );
}

function Refused({ problems }: { readonly problems: readonly Problem[] }) {
  const { t } = useTranslation();
  return (
    <Alert
      color="red"
      variant="light"
      mt={16}
      icon={<IconAlertTriangle size={18} />}
      title={t('import.problems', { count: problems.length })}
      role="alert"
    >
      {t('import.nothingWritten')}
      <ul className={classes.refusals}>
        {problems.map(({ pointer, message, hint }) => (
          <li key={pointer + message}>
            <span className={`mono ${classes.refusalPlace}`}>{pointer || '/'}</span> {message} {hint}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
