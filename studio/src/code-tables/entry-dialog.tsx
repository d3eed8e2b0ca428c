import { ActionIcon, Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { Environment } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { Refusal } from '../parts/refusal.tsx';
import classes from './entry-dialog.module.css';
import { readValue, valueText } from './entry-values.ts';
import { type CodeEntry, refreshCodeTables } from './queries.ts';

/** A period as it is typed. */
interface Period {
  readonly id: number;
  readonly value: string;
  readonly validFrom: string;
  readonly validTo: string;
}

interface EntryDialogProps {
  readonly place: { readonly name: string; readonly environment: Environment };
  /** With no key where the entry is new. */
  readonly group: { readonly key: string; readonly periods: readonly CodeEntry[] };
  readonly close: () => void;
}

/** An entry with its periods, set as a whole. */
export function EntryDialog({ place: { name, environment }, group, close }: EntryDialogProps) {
  const { t } = useTranslation();
  const isNew = group.key === '';
  const [key, setKey] = useState(group.key);
  const [periods, setPeriods] = useState<readonly Period[]>(() => typed(group.periods));
  const change = (id: number, part: Partial<Period>) =>
    setPeriods(periods.map((period) => (period.id === id ? { ...period, ...part } : period)));
  const saving = useMutation({
    mutationFn: () =>
      call('post /code-tables/{name}/entries', {
        params: { name },
        body: {
          environment,
          ...(!isNew && { remove: [group.key] }),
          set: periods.map(({ value, validFrom, validTo }) => ({
            key,
            value: readValue(value),
            validFrom: validFrom || null,
            validTo: validTo || null,
          })),
        },
      }),
    onSuccess: () => {
      notifyDone(t('codeTables.saved'));
      refreshCodeTables();
      close();
    },
  });
  return (
    <Modal
      opened
      onClose={close}
      size={620}
      title={isNew ? t('codeTables.addTitle') : t('codeTables.editTitle', { key: group.key })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        {isNew ? (
          <TextInput
            label={t('codeTables.key')}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            maxLength={200}
            required
            data-autofocus
          />
        ) : (
          <Text size="sm">{t('codeTables.editText')}</Text>
        )}
        {periods.map(({ id, value, validFrom, validTo }, index) => (
          <fieldset key={id} className={classes.period} aria-label={t('codeTables.period', { n: index + 1 })}>
            <TextInput
              label={t('codeTables.value')}
              value={value}
              onChange={(event) => change(id, { value: event.currentTarget.value })}
              className={classes.value ?? ''}
            />
            <TextInput
              type="date"
              label={t('codeTables.from')}
              value={validFrom}
              onChange={(event) => change(id, { validFrom: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t('codeTables.to')}
              value={validTo}
              onChange={(event) => change(id, { validTo: event.currentTarget.value })}
            />
            <ActionIcon
              aria-label={t('codeTables.removePeriod', { n: index + 1 })}
              disabled={periods.length === 1}
              onClick={() => setPeriods(periods.filter((period) => period.id !== id))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </fieldset>
        ))}
        <Text size="xs" c="var(--ink-3)" mt={4}>
          {t('codeTables.valueHint')}
        </Text>
        <Button
          variant="default"
          size="compact-xs"
          mt={10}
          leftSection={<IconPlus size={14} />}
          onClick={() => setPeriods([...periods, emptyPeriod((periods.at(-1)?.id ?? 0) + 1)])}
        >
          {t('codeTables.addPeriod')}
        </Button>
        <Refusal error={saving.error} />
        <Group justify="flex-end" mt={20} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t('codeTables.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function typed(entries: readonly CodeEntry[]): readonly Period[] {
  if (entries.length === 0) return [emptyPeriod(0)];
  return entries.map(({ value, validFrom, validTo }, id) => ({
    id,
    value: valueText(value),
    validFrom: validFrom ?? '',
    validTo: validTo ?? '',
  }));
}

function emptyPeriod(id: number): Period {
  return { id, value: '', validFrom: '', validTo: '' };
}
