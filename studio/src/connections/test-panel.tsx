import { Alert, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { type Connection, refreshConnections } from './queries.ts';

const test = 'post /connections/{id}/test';
/** With tokens that are renewed before. */
const anew = 'post /connections/{id}/authenticate';
type Test = typeof test | typeof anew;

/** Tries the connection, and says in words why it does not work. */
export function TestPanel({ connection: { id, config } }: { readonly connection: Connection }) {
  const { t } = useTranslation();
  const testing = useMutation({
    mutationFn: (how: Test) => call(how, { params: { id } }),
    onSettled: refreshConnections,
  });
  const { data } = testing;
  return (
    <Panel
      title={t('connections.testTitle')}
      text={t('connections.testText')}
      actions={
        <>
          {config.auth === 'oauth2' && (
            <Button variant="default" onClick={() => testing.mutate(anew)} loading={testing.isPending}>
              {t('connections.anew')}
            </Button>
          )}
          <Button onClick={() => testing.mutate(test)} loading={testing.isPending}>
            {t('connections.test')}
          </Button>
        </>
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
