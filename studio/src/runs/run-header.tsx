import { Button, Group, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { RunDetail } from '../api/types.ts';
import { notifyRefused } from '../app/notify.ts';
import { StatusBadge } from '../app/status.tsx';
import { Took, When } from '../app/when.tsx';
import classes from './run-page.module.css';

export function RunHeader({ run }: { readonly run: RunDetail }) {
  const { t } = useTranslation();
  const open = run.finishedAt === null;
  return (
    <header className={classes.header}>
      <div className={classes.heading}>
        <nav className={classes.crumbs}>
          <Link to="/runs">{t('runs.title')}</Link>
          <span aria-hidden>/</span>
        </nav>
        <h1 className={classes.name}>{run.document.name}</h1>
        <span role="status">
          <StatusBadge status={run.overdue && run.status === 'waiting' ? 'overdue' : run.status} />
        </span>
      </div>
      <dl className={classes.facts}>
        <Fact title={t('run.started')}>
          <When at={run.startedAt} />
        </Fact>
        <Fact title={t(open ? 'run.since' : 'run.took')}>
          <Took from={run.startedAt} to={run.finishedAt} />
        </Fact>
        <Fact title={t('run.by')}>{run.trigger.source}</Fact>
      </dl>
      <div className={classes.actions}>
        {open && <CancelButton id={run.id} />}
        <Link to="/flows/$flowId" params={{ flowId: run.flowId }} className={classes.open}>
          {t('run.openFlow')}
        </Link>
      </div>
    </header>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CancelButton({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const cancelling = useMutation({
    mutationFn: () => call('post /runs/{id}/cancel', { params: { id } }),
    onError: (error) => notifyRefused(t('run.cancelFailed'), error),
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('run.cancel')}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('run.cancelTitle')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Text size="sm">{t('run.cancelLead')}</Text>
        <Group justify="flex-end" mt={24} gap={8}>
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t('run.keep')}
          </Button>
          <Button color="red" onClick={() => cancelling.mutate()} loading={cancelling.isPending}>
            {t('run.cancel')}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
