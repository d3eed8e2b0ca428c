import { Alert } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/queries.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { Page } from '../app/page.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { SecondFactorPanel } from './second-factor-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { TenantsPanel } from './tenants-panel.tsx';

/** What belongs to the person and to no tenant. */
export function AccountPage() {
  const { t } = useTranslation();
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  const { user, roles } = session;
  return (
    <Page title={t('account.title')} lead={t('account.lead')} help="accounts">
      {user === null ? (
        <EmptyState icon={IconKey} title={t('account.keyTitle')} text={t('account.key')} />
      ) : (
        <>
          {roles.length === 0 && !user.secondFactor && (
            <Alert color="yellow" variant="light" mb={16} role="status">
              {t('account.needed')}
            </Alert>
          )}
          <PasswordPanel />
          <SecondFactorPanel on={user.secondFactor} />
          <SessionsPanel />
          <TenantsPanel current={session.tenant.slug} />
        </>
      )}
    </Page>
  );
}
