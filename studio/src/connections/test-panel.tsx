import { Alert, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { type Connection, refreshConnections } from './queries.ts';

/** Tries the connection, and says in words why it does not work. */
export function TestPanel({ connection: { id } }: { readonly connection: Connection }) {
  const { t } = useTranslation();
  const testing = useMutation({
    mutationFn: () => call('post /connections/{id}/test', { params: { id } }),
    onSettled: refreshConnections,
  });
  const { data } = testing;
  return (
    <Panel
      title={t('connections.testTitle')}
      text={t('connections.testText')}
      actions={
        <Button onClick={() => testing.mutate()} loading={testing.isPending}>
          {t('connections.test')}
        </Button>
      }
    >
      {data && (
        <Alert
          color={data.ok ? 'teal' : 'red'}
          variant="light"
          title={t(data.ok ? 'connections.worked' : 'connections.failed')}
          role={data.ok ? 'status' : 'alert'}
        >
          {data.message}
        </Alert>
      )}
      <Refusal error={testing.error} />
    </Panel>
  );
}
