import { Button, Group, Modal, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Environment, RunDetail } from '../api/types.ts';
import { exactTime } from '../app/time.ts';
import { runPage } from './queries.ts';

/** Which run of the same flow to lay beside this one; the run that it repeats is offered first. */
export function CompareDialog({ run, close }: { readonly run: RunDetail; readonly close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const latest = useQuery({
    queryKey: ['runs', run.environment, { flow: run.flowId }, 'to compare'],
    queryFn: () => runPage({ flow: run.flowId }, run.environment as Environment, undefined),
  });
  const others = (latest.data?.rows ?? []).filter(({ id }) => id !== run.id && id !== run.origin);
  const data = [
    ...(run.origin === null || run.origin === run.id ? [] : [{ value: run.origin, label: t('compare.origin') }]),
    ...others.map(({ id, status, startedAt }) => ({
      value: id,
      label: `${exactTime(new Date(startedAt))} · ${t(`status.${status}`)}`,
    })),
  ];
  const [chosen, setChosen] = useState<string | null>(null);
  const other = chosen ?? data[0]?.value;
  return (
    <Modal opened onClose={close} title={t('compare.open')} size={480}>
      {latest.data && data.length === 0 ? (
        <Text size="sm">{t('compare.noOther')}</Text>
      ) : (
        <Select
          label={t('compare.with')}
          data={data}
          value={other ?? null}
          onChange={setChosen}
          maxDropdownHeight={260}
          data-autofocus
        />
      )}
      <Group justify="flex-end" mt={24} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          disabled={other === undefined}
          onClick={() =>
            other !== undefined &&
            void navigate({ to: '/runs/$runId/compare/$otherId', params: { runId: run.id, otherId: other } })
          }
        >
          {t('compare.confirm')}
        </Button>
      </Group>
    </Modal>
  );
}
