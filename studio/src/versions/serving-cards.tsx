import { Button, Skeleton, Tooltip } from '@mantine/core';
import { IconGitCompare, IconPlayerPause, IconPlayerPlay, IconRocket } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { flowQuery } from '../api/queries.ts';
import { type Environment, environments, type FlowDetail } from '../api/types.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { shortVersion } from '../app/version.ts';
import { When } from '../app/when.tsx';
import { PlanDialog } from '../promotions/plan-dialog.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { deploymentsQuery, refreshFlow, versionsQuery } from './queries.ts';
import classes from './versions-page.module.css';

interface ServingCardsProps {
  readonly flowId: string;
  readonly name: string;
}

/** What of a flow serves in each environment. */
export function ServingCards(props: ServingCardsProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.serving} aria-label={t('versions.serving')}>
      {environments.map((environment) => (
        <ServingCard key={environment} environment={environment} {...props} />
      ))}
    </section>
  );
}

type CardProps = ServingCardsProps & { readonly environment: Environment };

function ServingCard({ flowId, name, environment }: CardProps) {
  const { t } = useTranslation();
  const flow = useQuery(flowQuery(flowId, environment));
  const title = t(`nav.environments.${environment}`);
  if (!flow.data) return <Skeleton height={148} radius={14} />;
  const { deployed, changedSinceDeploy } = flow.data;
  return (
    <article className={classes.card} aria-label={title}>
      <h2 className={classes.cardTitle}>
        <span className={classes.dot} data-environment={environment} aria-hidden />
        {title}
        {deployed?.paused && (
          <Tooltip label={t('versions.pausedHint')}>
            <span className={classes.paused}>{t('versions.paused')}</span>
          </Tooltip>
        )}
      </h2>
      {deployed ? (
        <>
          <Served flowId={flowId} environment={environment} deployed={deployed} />
          <div className={classes.compare}>
            {changedSinceDeploy ? (
              <Link
                to="/flows/$flowId/difference"
                params={{ flowId }}
                search={{ from: environment, to: 'draft' }}
                className={classes.link}
              >
                <IconGitCompare size={15} aria-hidden /> {t('versions.compareDraft')}
              </Link>
            ) : (
              <span className={classes.quiet}>{t('versions.sameAsDraft')}</span>
            )}
          </div>
          <div className={classes.cardActions}>
            <CardActions flowId={flowId} name={name} environment={environment} paused={deployed.paused} />
          </div>
        </>
      ) : (
        <p className={classes.quiet}>{t('versions.nothingServes')}</p>
      )}
    </article>
  );
}

interface ServedProps {
  readonly flowId: string;
  readonly environment: Environment;
  readonly deployed: NonNullable<FlowDetail['deployed']>;
}

/** Which version, since when, by whom and why. */
function Served({ flowId, environment, deployed }: ServedProps) {
  const { t } = useTranslation();
  const versions = useQuery(versionsQuery(flowId)).data ?? [];
  const history = useInfiniteQuery(deploymentsQuery(flowId)).data?.pages.flatMap((page) => page.deployments) ?? [];
  const number = versions.find(({ version }) => version === deployed.version)?.number;
  const last = history.find((one) => one.environment === environment);
  return (
    <>
      <p className={classes.served}>
        {number !== undefined && <strong>{t('difference.version', { number })}</strong>}
        <span className={`mono ${classes.hash}`}>{shortVersion(deployed.version)}</span>
      </p>
      <p className={classes.quiet}>
        <When at={deployed.deployedAt} />
        {last && ` · ${last.by}`}
        {last?.note && ` · ${last.note}`}
      </p>
    </>
  );
}

function CardActions({ flowId, name, environment, paused }: CardProps & { readonly paused: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const [dialog, setDialog] = useState<'undeploy' | 'promote'>();
  const close = () => setDialog(undefined);
  const pausing = useMutation({
    mutationFn: () =>
      call(paused ? 'post /flows/{id}/resume' : 'post /flows/{id}/pause', {
        params: { id: flowId },
        query: { environment },
      }),
    onSuccess: () => notifyDone(t(paused ? 'versions.resumeDone' : 'versions.pauseDone', { environment })),
    onError: (error) => notifyRefused(t('versions.refused'), error),
    onSettled: () => refreshFlow(flowId),
  });
  return (
    <>
      {may('flows.pause') && (
        <Button
          variant="default"
          leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
          onClick={() => pausing.mutate()}
          loading={pausing.isPending}
        >
          {t(paused ? 'versions.resume' : 'versions.pause')}
        </Button>
      )}
      {may('flows.deploy') && (
        <Button variant="default" onClick={() => setDialog('undeploy')}>
          {t('versions.undeploy')}
        </Button>
      )}
      {environment === 'sandbox' && may('promotions.plan') && (
        <Button leftSection={<IconRocket size={15} />} onClick={() => setDialog('promote')}>
          {t('versions.promote')}
        </Button>
      )}
      {dialog === 'undeploy' && <UndeployDialog flowId={flowId} name={name} environment={environment} close={close} />}
      {dialog === 'promote' && <PlanDialog flow={flowId} close={close} />}
    </>
  );
}

function UndeployDialog({ flowId, name, environment, close }: CardProps & { readonly close: () => void }) {
  const { t } = useTranslation();
  const undeploying = useMutation({
    mutationFn: (note: string | undefined) =>
      call('post /flows/{id}/undeploy', {
        params: { id: flowId },
        body: { environment, ...(note !== undefined && { note }) },
      }),
    onSuccess: async () => {
      notifyDone(t('versions.undeployDone', { environment }));
      close();
      await refreshFlow(flowId);
    },
  });
  return (
    <NoteDialog
      title={t('versions.undeployTitle', { environment })}
      lead={t('versions.undeployLead', { name, environment })}
      confirm={t('versions.undeploy')}
      isDestructive
      busy={undeploying.isPending}
      error={undeploying.error}
      act={undeploying.mutate}
      close={close}
    />
  );
}
