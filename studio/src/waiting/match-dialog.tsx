import { Alert, Button, Group, Modal, Radio, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import type { Environment, OpenWait, UnmatchedSignal } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { When } from '../app/when.tsx';
import { JsonView } from '../code/json-view.tsx';
import { likelyFirst } from './likely.ts';
import { waitPage } from './queries.ts';
import classes from './waiting-page.module.css';

const offered = 20;
const typingPauseMs = 200;

/** Gives an answer to a run that waits, by hand. */
export function MatchDialog({ signal, close }: { readonly signal: UnmatchedSignal; readonly close: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [key] = useDebouncedValue(text.trim(), typingPauseMs);
  const [wait, setWait] = useState<string | null>(null);
  const wanted = { environment: signal.environment as Environment, key: key || undefined };
  const waits = useQuery({
    queryKey: ['waits', wanted, 'to match'],
    queryFn: async () => (await waitPage(wanted, undefined, offered)).rows,
    placeholderData: keepPreviousData,
  });
  const matching = useMutation({
    mutationFn: (id: string) => call('post /signals/{id}/match', { params: { id: signal.id }, body: { wait: id } }),
    onSuccess: () => {
      notifyDone(t('waiting.matched'));
      for (const list of ['signals', 'waits']) void queryClient.invalidateQueries({ queryKey: [list] });
      close();
    },
  });
  return (
    <Modal opened onClose={close} size={640} title={t('waiting.matchTitle')}>
      <Text size="sm" c="var(--ink-2)">
        {t('waiting.matchLead')}
      </Text>
      <div className={classes.label}>{t('waiting.answer')}</div>
      <JsonView value={signal.payload} label={t('waiting.answer')} />
      <Radio.Group mt={16} label={t('waiting.waits')} value={wait} onChange={setWait}>
        <TextInput
          type="search"
          aria-label={t('waiting.key')}
          placeholder={t('waiting.keyHint')}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          data-autofocus
        />
        <div className={classes.waits}>
          {likelyFirst(waits.data ?? [], signal).map((each) => (
            <WaitChoice key={each.id} wait={each} />
          ))}
        </div>
      </Radio.Group>
      {waits.data?.length === 0 && <p className={classes.none}>{t('waiting.noWaits')}</p>}
      {matching.error && (
        <Alert color="red" variant="light" mt={12} role="alert" title={t('waiting.matchRefused')}>
          {matching.error.message}
        </Alert>
      )}
      <Group justify="flex-end" mt={20} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          disabled={wait === null}
          loading={matching.isPending}
          onClick={() => wait !== null && matching.mutate(wait)}
        >
          {t('waiting.matchConfirm')}
        </Button>
      </Group>
    </Modal>
  );
}

function WaitChoice({ wait: { id, key, flowName, openedAt } }: { readonly wait: OpenWait }) {
  return (
    <Radio
      size="xs"
      className={classes.wait ?? ''}
      value={id}
      label={<span className="mono">{key}</span>}
      description={
        <>
          {flowName} · <When at={openedAt} />
        </>
      }
    />
  );
}
