import { Button, Group } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { notifyRefused } from '../app/notify.ts';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { ownTenantsQuery } from './queries.ts';

/** The tenants that the person belongs to, where there are several, and the way from one to another. */
export function TenantsPanel({ current }: { readonly current: string }) {
  const { t } = useTranslation();
  const tenants = useQuery(ownTenantsQuery).data ?? [];
  const entering = useMutation({
    mutationFn: (tenant: string) => call('post /session/tenant', { body: { tenant } }),
    // All that is known belongs to the other tenant.
    onSuccess: () => location.assign('/'),
    onError: (error) => notifyRefused(t('account.tenants.title'), error),
  });
  if (tenants.length < 2) return null;
  return (
    <Panel title={t('account.tenants.title')} text={t('account.tenants.text')}>
      {tenants.map(({ slug, name }) => (
        <Group key={slug} justify="space-between" py={6}>
          <span>
            {name} <span className={classes.quiet}>{slug}</span>
          </span>
          {slug === current ? (
            <span className={classes.chip}>{t('account.tenants.current')}</span>
          ) : (
            <Button variant="default" onClick={() => entering.mutate(slug)} loading={entering.isPending}>
              {t('account.tenants.enter')}
            </Button>
          )}
        </Group>
      ))}
    </Panel>
  );
}
