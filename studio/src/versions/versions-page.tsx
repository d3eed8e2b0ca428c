import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { catalogueQuery, flowQuery } from '../api/queries.ts';
import type { FlowDetail } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { DeployDialog } from '../flows/deploy-dialog.tsx';
import { PublishTemplateDialog } from '../templates/publish-dialog.tsx';
import { FlowPlaces } from './flow-places.tsx';
import { HistoryTable } from './history-table.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { bundleQuery } from './queries.ts';
import { ServingCards } from './serving-cards.tsx';
import classes from './versions-page.module.css';
import { VersionsTable } from './versions-table.tsx';

/** What a dialog is about. */
type Asked = { readonly what: 'deploy' | 'offer'; readonly version: number };

export function VersionsPage() {
  const { t } = useTranslation();
  const { flowId } = useParams({ from: '/flows/$flowId/versions' });
  const may = useMay();
  const flow = useQuery(flowQuery(flowId, useEnvironment()));
  const [publishing, setPublishing] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const navigate = useNavigate();
  if (flow.error && !flow.data) return <ErrorState error={flow.error} retry={() => void flow.refetch()} wholePage />;
  const name = flow.data?.bundle.flow.name ?? flowId;
  return (
    <Page
      crumbs={
        <>
          <Link to="/flows">{t('flows.title')}</Link>
          <span aria-hidden>/</span>
          <Link to="/flows/$flowId" params={{ flowId }}>
            {name}
          </Link>
        </>
      }
      title={t('versions.title')}
      lead={t('versions.lead')}
      actions={
        <>
          <FlowPlaces flowId={flowId} />
          {may('flows.publish') && (
            <Button variant="default" onClick={() => setPublishing(true)} disabled={!flow.data}>
              {t('versions.publish')}
            </Button>
          )}
        </>
      }
    >
      {flow.data ? <ServingCards flowId={flowId} name={name} /> : <Skeleton height={148} radius={14} />}
      <section className={classes.section} aria-labelledby="versions">
        <h2 id="versions" className={classes.sectionTitle}>
          {t('versions.title')}
        </h2>
        <VersionsTable
          flowId={flowId}
          deploy={(version) => setAsked({ what: 'deploy', version })}
          offer={(version) => setAsked({ what: 'offer', version })}
        />
      </section>
      <section className={classes.section} aria-labelledby="history">
        <h2 id="history" className={classes.sectionTitle}>
          {t('versions.history')}
        </h2>
        <HistoryTable flowId={flowId} />
      </section>
      {publishing && <PublishDialog flowId={flowId} close={() => setPublishing(false)} />}
      {asked?.what === 'deploy' && flow.data && (
        <DeployVersion version={asked.version} server={flow.data} close={() => setAsked(undefined)} />
      )}
      {asked?.what === 'offer' && (
        <PublishTemplateDialog
          flowId={flowId}
          release={asked.version}
          close={() => setAsked(undefined)}
          done={(id) => void navigate({ to: '/templates/$templateId', params: { templateId: id } })}
        />
      )}
    </Page>
  );
}

interface DeployVersionProps {
  readonly version: number;
  readonly server: FlowDetail;
  readonly close: () => void;
}

const nothing: readonly [] = [];

function DeployVersion({ version, server, close }: DeployVersionProps) {
  const bundle = useQuery(bundleQuery(server.id, String(version)));
  const catalogue = useQuery(catalogueQuery);
  if (!bundle.data || !catalogue.data) return null;
  return (
    <DeployDialog
      flow={bundle.data.flow}
      catalogue={catalogue.data}
      deployed={server.deployed}
      problems={nothing}
      version={version}
      close={close}
    />
  );
}
