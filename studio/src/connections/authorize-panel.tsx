import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import type { Connection } from './queries.ts';

/** Where a person has to let this instance in at the other system. */
export function AuthorizePanel({ connection: { id, config } }: { readonly connection: Connection }) {
  const { t } = useTranslation();
  const leaving = useMutation({
    mutationFn: async () => {
      const { url } = await call('post /connections/{id}/authorize', { params: { id } });
      location.assign(url);
    },
  });
  if (config.auth !== 'oauth2') return null;
  return (
    <Panel
      title={t('connections.authorizeTitle')}
      text={t('connections.authorizeText')}
      actions={
        <Button onClick={() => leaving.mutate()} loading={leaving.isPending}>
          {t('connections.authorize')}
        </Button>
      }
    >
      <Refusal error={leaving.error} />
    </Panel>
  );
}
