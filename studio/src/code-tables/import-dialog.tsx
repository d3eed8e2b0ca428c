import { Button, Group, Modal, Radio, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { Environment } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { Refusal } from '../parts/refusal.tsx';
import { refreshCodeTables } from './queries.ts';

type Mode = 'merge' | 'replace';

interface ImportDialogProps {
  readonly place: { readonly name: string; readonly environment: Environment };
  readonly file: File;
  readonly close: () => void;
}

/** Takes entries from a CSV file: all, or none where a line is wrong. */
export function ImportDialog({ place: { name, environment }, file, close }: ImportDialogProps) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>('merge');
  const importing = useMutation({
    mutationFn: async () =>
      call('post /code-tables/{name}/import', {
        params: { name },
        body: { environment, csv: await file.text(), mode },
      }),
    onSuccess: () => {
      notifyDone(t('codeTables.saved'));
      refreshCodeTables();
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={t('codeTables.importTitle', { file: file.name })}>
      <Text size="sm">{t('codeTables.importText')}</Text>
      <Radio.Group value={mode} onChange={(value) => setMode(value)} mt={14}>
        <Radio value="merge" label={t('codeTables.merge')} mb={8} />
        <Radio value="replace" label={t('codeTables.replace')} />
      </Radio.Group>
      <Refusal error={importing.error} />
      <Group justify="flex-end" mt={20} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button onClick={() => importing.mutate()} loading={importing.isPending}>
          {t('codeTables.import')}
        </Button>
      </Group>
    </Modal>
  );
}
