import { Alert, Button, Group, Modal, Select, Text } from '@mantine/core';
import { type Json, readJson, writeJson } from '@millrace/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { FlowDetail } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { shortVersion } from '../app/version.ts';
import { titleOf } from '../canvas/drawing.ts';
import { CodeEditor } from '../code/code-editor.tsx';
import { isDirty } from '../editor/history.ts';
import { useEditing, useHistory } from './editing.ts';
import classes from './flow-page.module.css';

/** Starts a real run with a sample, or with what is typed over it, and opens the run. */
export function StartDialog({ server, close }: { readonly server: FlowDetail; readonly close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const environment = useEnvironment();
  const { editor, catalog } = useEditing();
  const history = useHistory(editor);
  const { flow, samples } = history.present;
  const names = Object.keys(samples);
  const triggers = Object.keys(flow.nodes).filter((id) => catalog.get(flow.nodes[id]?.type ?? '')?.kind === 'trigger');
  const [trigger, setTrigger] = useState(triggers[0] ?? null);
  const [sample, setSample] = useState(names[0] ?? null);
  const [text, setText] = useState(() => textOf(samples, names[0] ?? null));
  const wrong = whyNotJson(text);
  const starting = useMutation({
    mutationFn: () =>
      call('post /flows/{id}/run', {
        params: { id: server.id },
        body: { ...(trigger !== null && { node: trigger }), environment, payload: readJson(text) },
      }),
    onSuccess: ({ runId }) => navigate({ to: '/runs/$runId', params: { runId } }),
  });
  const { deployed } = server;
  return (
    <Modal opened onClose={close} size={640} title={t('start.title')}>
      <Text size="sm" c="var(--ink-2)">
        {deployed
          ? t('start.lead', { version: shortVersion(deployed.version), environment: deployed.environment })
          : t('start.notDeployed')}
      </Text>
      {deployed && (server.changedSinceDeploy || isDirty(history)) && (
        <p className={classes.dialogFact}>{t('start.stale')}</p>
      )}
      <div className={classes.startRow}>
        {names.length > 0 && (
          <Select
            label={t('start.sample')}
            data={names}
            value={sample}
            onChange={(name) => {
              setSample(name);
              setText(textOf(samples, name));
            }}
          />
        )}
        {triggers.length > 1 && (
          <Select
            label={t('start.trigger')}
            data={triggers.map((id) => ({ value: id, label: titleOf(id, flow, catalog) }))}
            value={trigger}
            onChange={setTrigger}
          />
        )}
      </div>
      <div className={classes.payloadLabel}>{t('start.payload')}</div>
      <CodeEditor
        language="json"
        lines
        label={t('start.payload')}
        value={text}
        onChange={setText}
        error={wrong}
        minHeight={180}
      />
      {(wrong || starting.error) && (
        <Alert color="red" variant="light" mt={12} role="alert" {...(starting.error && { title: t('start.refused') })}>
          {starting.error?.message ?? wrong?.message}
        </Alert>
      )}
      <Group justify="flex-end" mt={20} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          onClick={() => starting.mutate()}
          loading={starting.isPending}
          disabled={!deployed || wrong !== undefined}
        >
          {t('start.confirm')}
        </Button>
      </Group>
    </Modal>
  );
}

function textOf(samples: Readonly<Record<string, unknown>>, name: string | null): string {
  return writeJson((name === null ? {} : samples[name]) as Json, 2);
}

function whyNotJson(text: string): { message: string } | undefined {
  try {
    readJson(text);
    return undefined;
  } catch (error) {
    return { message: (error as Error).message };
  }
}
