import { Alert, Button, Group, Modal, Radio, Select, Stack, Switch, Text } from '@mantine/core';
import { readJson, writeJson } from '@millrace/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { flowQuery } from '../api/queries.ts';
import type { Environment, RunDetail } from '../api/types.ts';
import { shortVersion } from '../app/version.ts';
import { type Catalog, titleOf } from '../canvas/drawing.ts';
import { CodeEditor } from '../code/code-editor.tsx';
import { apartOf } from '../payload/lines.ts';
import { replayable } from './replayable.ts';

interface ReplayDialogProps {
  readonly run: RunDetail;
  readonly catalog: Catalog;
  /** Key of the step to begin with. */
  readonly from?: string | undefined;
  readonly close: () => void;
}

/** Runs again from a step: on this version or the one that serves now, with what the step got or something else. */
export function ReplayDialog({ run, catalog, from: asked, close }: ReplayDialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const steps = replayable(run);
  const [from, setFrom] = useState(
    asked ?? steps.find(({ status }) => status === 'failed')?.key ?? steps[0]?.key ?? '',
  );
  const step = steps.find(({ key }) => key === from);
  const { deployed } = useQuery(flowQuery(run.flowId, run.environment as Environment)).data ?? {};
  const newer = deployed && deployed.version !== run.version ? deployed.version : undefined;
  const [version, setVersion] = useState<'own' | 'deployed'>('own');
  const [edits, setEdits] = useState<{ readonly of: string; readonly text: string }>();
  const isApart = step !== undefined && apartOf(step.input) !== undefined;
  const text = edits?.of === from ? edits.text : undefined;
  const wrong = text === undefined ? undefined : whyNotJson(text);
  const replaying = useMutation({
    mutationFn: () =>
      call('post /runs/{id}/replay', {
        params: { id: run.id },
        body: { from, version, ...(text !== undefined && { input: readJson(text) }) },
      }),
    onSuccess: ({ runId }) => {
      close();
      void navigate({ to: '/runs/$runId', params: { runId } });
    },
  });
  return (
    <Modal opened onClose={close} size={640} title={t('replay.title')}>
      <Stack gap={16}>
        <Text size="sm" c="var(--ink-2)">
          {t(text === undefined ? 'replay.sameKeys' : 'replay.newKeys')}
        </Text>
        <Select
          label={t('replay.from')}
          data={steps.map(({ key, node }) => ({ value: key, label: titleOf(node, run.document, catalog) }))}
          value={from}
          onChange={(key) => key !== null && setFrom(key)}
        />
        <Radio.Group
          label={t('replay.version')}
          value={version}
          onChange={(value) => setVersion(value === 'deployed' ? 'deployed' : 'own')}
        >
          <Stack gap={8} mt={6}>
            <Radio size="xs" value="own" label={t('replay.own', { version: shortVersion(run.version) })} />
            <Radio
              size="xs"
              value="deployed"
              disabled={newer === undefined}
              label={newer === undefined ? t('replay.noOther') : t('replay.deployed', { version: shortVersion(newer) })}
            />
          </Stack>
        </Radio.Group>
        <Switch
          size="xs"
          label={t('replay.edit')}
          description={isApart ? t('replay.apart') : undefined}
          checked={text !== undefined}
          disabled={isApart}
          onChange={({ currentTarget }) =>
            setEdits(currentTarget.checked && step ? { of: from, text: writeJson(step.input, 2) } : undefined)
          }
        />
        {text !== undefined && (
          <CodeEditor
            language="json"
            lines
            label={t('run.input')}
            value={text}
            onChange={(edited) => setEdits({ of: from, text: edited })}
            error={wrong}
            minHeight={180}
          />
        )}
        {(wrong || replaying.error) && (
          <Alert color="red" variant="light" role="alert" {...(replaying.error && { title: t('replay.refused') })}>
            {replaying.error?.message ?? wrong?.message}
          </Alert>
        )}
      </Stack>
      <Group justify="flex-end" mt={20} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          onClick={() => replaying.mutate()}
          loading={replaying.isPending}
          disabled={!step || wrong !== undefined}
        >
          {t('replay.confirm')}
        </Button>
      </Group>
    </Modal>
  );
}

function whyNotJson(text: string): { message: string } | undefined {
  try {
    readJson(text);
    return undefined;
  } catch (error) {
    return { message: (error as Error).message };
  }
}
