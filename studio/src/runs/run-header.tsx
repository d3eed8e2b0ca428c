import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconArrowsDiff, IconDots, IconFlask, IconPlayerTrackNext, IconRoute } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { RunDetail } from '../api/types.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { StatusBadge } from '../app/status.tsx';
import { useMay } from '../app/use-may.ts';
import { Took, When } from '../app/when.tsx';
import type { Catalog } from '../canvas/drawing.ts';
import { AskFirst } from '../parts/ask-first.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import classes from './run-page.module.css';
import { saveAsTest } from './save-test.ts';

interface RunHeaderProps {
  readonly run: RunDetail;
  readonly catalog: Catalog;
}

export function RunHeader({ run, catalog }: RunHeaderProps) {
  const { t } = useTranslation();
  const may = useMay();
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
        {open && may('runs.cancel') && <CancelButton id={run.id} />}
        {run.status === 'failed' && may('runs.redrive') && <RetryButton id={run.id} />}
        <MoreMenu run={run} catalog={catalog} />
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
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('run.cancel')}
      </Button>
      {asking && (
        <AskFirst
          title={t('run.cancelTitle')}
          text={t('run.cancelLead')}
          confirm={t('run.cancel')}
          keep={t('run.keep')}
          act={() => call('post /runs/{id}/cancel', { params: { id } })}
          close={() => setAsking(false)}
        />
      )}
    </>
  );
}

/** Goes on from where it failed, with the same keys. */
function RetryButton({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const retrying = useMutation({
    mutationFn: () => call('post /dead-letters/redrive', { body: { runs: [id] } }),
    onSuccess: () => notifyDone(t('run.retried')),
    onError: (error) => notifyRefused(t('run.retryFailed'), error),
  });
  return (
    <Button onClick={() => retrying.mutate()} loading={retrying.isPending}>
      {t('run.retry')}
    </Button>
  );
}

/** What else can be done with the run. */
function MoreMenu({ run, catalog }: RunHeaderProps) {
  const { t } = useTranslation();
  const may = useMay();
  const [dialog, setDialog] = useState<'replay' | 'compare'>();
  const saving = useMutation({
    mutationFn: () => saveAsTest(run),
    onSuccess: (name) => notifyDone(t('run.savedAsTest', { name })),
    onError: (error) => notifyRefused(t('run.notSavedAsTest'), error),
  });
  const close = () => setDialog(undefined);
  return (
    <>
      <Menu position="bottom-end" width={220} offset={6}>
        <Menu.Target>
          <ActionIcon variant="default" size={32} aria-label={t('run.more')} loading={saving.isPending}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {may('runs.replay') && (
            <Menu.Item
              leftSection={<IconPlayerTrackNext size={16} />}
              disabled={run.finishedAt === null || run.steps.length === 0}
              onClick={() => setDialog('replay')}
            >
              {t('replay.open')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconArrowsDiff size={16} />} onClick={() => setDialog('compare')}>
            {t('compare.open')}
          </Menu.Item>
          {may('flows.edit') && may('flows.test') && (
            <Menu.Item
              leftSection={<IconFlask size={16} />}
              disabled={run.finishedAt === null}
              onClick={() => saving.mutate()}
            >
              {t('run.saveAsTest')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconRoute size={16} />}
            renderRoot={(props) => <Link to="/flows/$flowId" params={{ flowId: run.flowId }} {...props} />}
          >
            {t('run.openFlow')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'replay' && <ReplayDialog run={run} catalog={catalog} close={close} />}
      {dialog === 'compare' && <CompareDialog run={run} close={close} />}
    </>
  );
}
