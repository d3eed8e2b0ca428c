import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { catalogueQuery } from '../api/queries.ts';
import type { ConnectionDescription } from '../api/types.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { JsonView } from '../code/json-view.tsx';
import { AskFirst } from '../parts/ask-first.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { AuthorizePanel } from './authorize-panel.tsx';
import ownClasses from './connections.module.css';
import { HealthBadge } from './health-badge.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { type Connection, connectionQuery, refreshConnections } from './queries.ts';
import { RotatePanel } from './rotate-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { TestPanel } from './test-panel.tsx';

/** A connection: try it, change it, see who uses it and how it fared. */
export function ConnectionPage() {
  const { connectionId } = useParams({ from: '/connections/$connectionId' });
  const connection = useQuery(connectionQuery(connectionId));
  const catalogue = useQuery(catalogueQuery);
  return (
    <Loaded query={connection}>
      {(shown) => (
        <Loaded query={catalogue}>
          {({ connections }) => <View connection={shown} type={connections.find(({ id }) => id === shown.type)} />}
        </Loaded>
      )}
    </Loaded>
  );
}

interface ViewProps {
  readonly connection: Connection;
  /** Nothing where the instance has no such pack any more. */
  readonly type: ConnectionDescription | undefined;
}

function View({ connection, type }: ViewProps) {
  const { t } = useTranslation();
  const may = useMay();
  const mayEdit = may('connections.edit');
  const { name, environment, health } = connection;
  const lead = `${type?.title ?? connection.type} · ${t(`nav.environments.${environment === 'sandbox' ? 'sandbox' : 'production'}`)}`;
  return (
    <Page
      crumbs={<Link to="/connections">{t('connections.title')}</Link>}
      title={name}
      lead={lead}
      help="connections"
      actions={
        <>
          <HealthBadge health={health} />
          {mayEdit && <RemoveButton connection={connection} />}
        </>
      }
    >
      <Use connection={connection} />
      {may('connections.test') && <TestPanel connection={connection} />}
      {may('connections.authorize') && <AuthorizePanel connection={connection} />}
      {mayEdit && type ? (
        <>
          <SettingsPanel key={connection.id} connection={connection} type={type} />
          <RotatePanel connection={connection} type={type} />
        </>
      ) : (
        <Panel title={t('connections.settings')}>
          <JsonView value={connection.config} label={t('connections.settings')} />
        </Panel>
      )}
      <UsesPanel usedBy={connection.usedBy} />
      <HistoryPanel id={connection.id} />
    </Page>
  );
}

/** Why flows do not use it, where they do not. */
function Use({ connection: { status, needsSecrets, health } }: Pick<ViewProps, 'connection'>) {
  const { t } = useTranslation();
  if (status === 'active' && !needsSecrets) return null;
  return (
    <Alert color="yellow" variant="light" mb={16} title={t('connections.inactiveTitle')} role="status">
      {needsSecrets ? t('connections.needsSecrets') : t('connections.inactiveText')} {health?.message}
    </Alert>
  );
}

function UsesPanel({ usedBy }: Pick<Connection, 'usedBy'>) {
  const { t } = useTranslation();
  return (
    <Panel title={t('connections.usedTitle')} text={t('connections.usedText')}>
      {usedBy.length === 0 ? (
        <span className={classes.quiet}>{t('connections.unused')}</span>
      ) : (
        <ul className={ownClasses.uses}>
          {usedBy.map(({ flow, slot }) => (
            <li key={flow + slot}>
              <Link to="/flows/$flowId" params={{ flowId: flow }} className={classes.link}>
                {flow}
              </Link>{' '}
              <span className={classes.quiet}>{t('connections.slot', { slot })}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RemoveButton({ connection: { id, name } }: Pick<ViewProps, 'connection'>) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('connections.remove')}
      </Button>
      {asking && (
        <AskFirst
          title={t('connections.removeTitle', { name })}
          text={t('connections.removeText')}
          confirm={t('connections.remove')}
          act={() => call('post /connections/{id}/remove', { params: { id } })}
          close={() => setAsking(false)}
          done={() => {
            refreshConnections();
            void navigate({ to: '/connections' });
          }}
        />
      )}
    </>
  );
}
