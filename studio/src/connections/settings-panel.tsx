import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { ConnectionDescription, JsonObject } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { ConfigForm } from './config-form.tsx';
import { keepingSecrets, withoutMarks } from './connection-form.ts';
import classes from './connections.module.css';
import { type Connection, refreshConnections } from './queries.ts';

interface SettingsPanelProps {
  readonly connection: Connection;
  readonly type: ConnectionDescription;
}

export function SettingsPanel({ connection, type }: SettingsPanelProps) {
  const { t } = useTranslation();
  const { id } = connection;
  const start = useMemo(() => withoutMarks(connection.config, type.config), [connection.config, type]);
  const schema = useMemo(() => keepingSecrets(type.config, start.set, t('connections.keptSecret')), [type, start, t]);
  const [name, setName] = useState(connection.name);
  const [config, setConfig] = useState(start.config);
  const saving = useMutation({
    mutationFn: () => call('put /connections/{id}', { params: { id }, body: { name: name.trim(), config } }),
    onSuccess: () => {
      // What was typed as a secret is stored, and stands in the form no longer.
      setConfig(withoutSecrets(config, start.set));
      refreshConnections();
      notifyDone(t('connections.saved'));
    },
  });
  return (
    <Panel title={t('connections.settings')} text={t('connections.settingsText')}>
      <form
        className={classes.fields}
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <TextInput
          label={t('connections.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
        />
        <ConfigForm schema={schema} config={config} change={setConfig} error={saving.error} />
        <Refusal error={saving.error} />
        <div>
          <Button type="submit" loading={saving.isPending}>
            {t('connections.save')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function withoutSecrets(config: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !names.includes(name)));
}
