import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { ConnectionDescription } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { When } from '../app/when.tsx';
import panelClasses from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { withoutMarks } from './connection-form.ts';
import { type Connection, refreshConnections } from './queries.ts';

interface RotatePanelProps {
  readonly connection: Connection;
  readonly type: ConnectionDescription;
}

/** New secrets in place of those that are set. */
export function RotatePanel({ connection: { id, config, previousUntil }, type }: RotatePanelProps) {
  const { t } = useTranslation();
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [keepFor, setKeepFor] = useState('P1D');
  const rotating = useMutation({
    mutationFn: () => call('post /connections/{id}/rotate', { params: { id }, body: { secrets, keepFor } }),
    onSuccess: () => {
      setSecrets({});
      refreshConnections();
      notifyDone(t('connections.rotated'));
    },
  });
  const { set } = withoutMarks(config, type.config);
  if (set.length === 0) return null;
  const given = Object.values(secrets).some((secret) => secret !== '');
  return (
    <Panel title={t('connections.rotate')} text={t('connections.rotateText')}>
      <form
        className={panelClasses.form}
        onSubmit={(event) => {
          event.preventDefault();
          rotating.mutate();
        }}
      >
        {previousUntil !== null && (
          <p>
            {t('connections.previousUntil')} <When at={previousUntil} />
          </p>
        )}
        {set.map((name) => (
          <PasswordInput
            key={name}
            label={name}
            value={secrets[name] ?? ''}
            onChange={(event) => setSecrets(withSecret(secrets, name, event.currentTarget.value))}
            autoComplete="off"
            size="xs"
          />
        ))}
        <TextInput
          label={t('connections.keepFor')}
          description={t('connections.keepForHint')}
          value={keepFor}
          onChange={(event) => setKeepFor(event.currentTarget.value)}
        />
        <Refusal error={rotating.error} />
        <div>
          <Button type="submit" variant="default" loading={rotating.isPending} disabled={!given}>
            {t('connections.rotate')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** What was emptied again is not sent. */
function withSecret(secrets: Readonly<Record<string, string>>, name: string, secret: string): Record<string, string> {
  const { [name]: _former, ...others } = secrets;
  return secret === '' ? others : { ...others, [name]: secret };
}
