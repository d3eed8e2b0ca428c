import { Alert, Button, Skeleton } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { flowQuery } from '../api/queries.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { ChangeList } from '../versions/change-list.tsx';
import { refreshFlow } from '../versions/queries.ts';
import { ConflictCard } from './conflict-card.tsx';
import { type Decision, type Upgrade, upgradeQuery } from './queries.ts';
import classes from './templates.module.css';

/** Brings a clone to the newest version of its template: what changes, and each conflict decided one by one. */
export function UpgradePage() {
  const { t } = useTranslation();
  const { flowId } = useParams({ from: '/flows/$flowId/upgrade' });
  const upgrade = useQuery(upgradeQuery(flowId));
  if (upgrade.error && !upgrade.data)
    return <ErrorState error={upgrade.error} retry={() => void upgrade.refetch()} wholePage />;
  if (!upgrade.data)
    return (
      <Page title={t('upgrade.title')}>
        <Skeleton height={240} radius={14} />
      </Page>
    );
  return <UpgradeView flowId={flowId} upgrade={upgrade.data} />;
}

function UpgradeView({ flowId, upgrade }: { readonly flowId: string; readonly upgrade: Upgrade }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayUpgrade = useMay()('templates.clone');
  const flow = useQuery(flowQuery(flowId, useEnvironment())).data?.bundle.flow;
  const { template, from, to, conflicts, changes, problems, isCurrent, revision } = upgrade;
  const openFlow = () => void navigate({ to: '/flows/$flowId', params: { flowId } });
  const upgrading = useMutation({
    mutationFn: (decisions: readonly Decision[]) =>
      call('post /flows/{id}/upgrade', { params: { id: flowId }, body: { to, revision, decisions } }),
    onSuccess: async ({ done }) => {
      if (done) {
        notifyDone(t('upgrade.done', { version: to }));
        openFlow();
      }
      await refreshFlow(flowId);
    },
    onError: (error) => notifyRefused(t('upgrade.failed'), error),
  });
  if (isCurrent)
    return (
      <EmptyState icon={IconCircleCheck} title={t('upgrade.currentTitle')} text={t('upgrade.current')} wholePage>
        <Button variant="default" onClick={openFlow}>
          {t('upgrade.openFlow')}
        </Button>
      </EmptyState>
    );
  const decided = conflicts.filter(({ decision }) => decision !== undefined).length;
  const errors = problems.filter(isError);
  return (
    <Page
      title={`${t('upgrade.title')}: ${flow?.name ?? flowId}`}
      lead={t('upgrade.lead', { from, to, template })}
      actions={
        mayUpgrade &&
        conflicts.length === 0 && (
          <Button onClick={() => upgrading.mutate([])} loading={upgrading.isPending}>
            {t('upgrade.confirm')}
          </Button>
        )
      }
    >
      <p className={classes.quiet}>{t('upgrade.hint')}</p>
      {conflicts.length > 0 && (
        <section className={classes.section} aria-labelledby="conflicts">
          <h2 id="conflicts" className={classes.boxTitle}>
            {t('upgrade.conflicts')}{' '}
            <span className={classes.quiet} role="status">
              {t('upgrade.decided', { decided, count: conflicts.length })}
            </span>
          </h2>
          <p className={classes.quiet}>{t('upgrade.conflictsLead')}</p>
          {conflicts.map((conflict) => (
            <ConflictCard
              key={conflict.kind + conflict.pointer}
              conflict={conflict}
              isLast={decided === conflicts.length - 1 && conflict.decision === undefined}
              busy={upgrading.isPending || !mayUpgrade}
              decide={(decision) => upgrading.mutate([decision])}
            />
          ))}
        </section>
      )}
      {errors.length > 0 && (
        <Alert color="red" variant="light" mt={16} title={t('upgrade.problems')}>
          <ul className={classes.problems}>
            {errors.map(({ pointer, message }) => (
              <li key={pointer + message}>{message}</li>
            ))}
          </ul>
        </Alert>
      )}
      <section className={classes.section} aria-labelledby="changes">
        <h2 id="changes" className={classes.boxTitle}>
          {t('upgrade.changes')}
        </h2>
        {changes.length === 0 ? (
          <p className={classes.quiet}>{t('upgrade.noChanges')}</p>
        ) : (
          <ChangeList changes={changes} nodes={flow?.nodes} />
        )}
      </section>
    </Page>
  );
}
