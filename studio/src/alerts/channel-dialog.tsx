import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { notifyDone } from '../app/notify.ts';
import { ShownOnce } from '../parts/shown-once.tsx';
import { type Channel, channelsQuery } from './queries.ts';

interface ChannelDialogProps {
  /** Absent where a new one is made. */
  readonly channel?: Channel;
  readonly close: () => void;
}

/** Makes a channel, or changes one. A webhook's secret is shown once, when it is made. */
export function ChannelDialog({ channel, close }: ChannelDialogProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(channel?.name ?? '');
  const [kind, setKind] = useState<Channel['kind']>(channel?.kind ?? 'email');
  const [to, setTo] = useState(channel?.to?.join(', ') ?? '');
  const [url, setUrl] = useState(channel?.url ?? '');
  const [severity, setSeverity] = useState<Channel['severity']>(channel?.severity ?? 'warning');
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const saving = useMutation({
    mutationFn: async () => {
      const where = kind === 'email' ? { to: to.split(/[\s,;]+/).filter((each) => each !== '') } : { url: url.trim() };
      const body = { name: name.trim(), severity, enabled, ...where };
      if (!channel) return (await call('post /alert-channels', { body })).secret;
      await call('put /alert-channels/{id}', { params: { id: channel.id }, body });
      return undefined;
    },
    onSuccess: (secret) => {
      void queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey });
      if (secret !== undefined) return;
      notifyDone(t('channels.saved'));
      close();
    },
  });
  const problemAt = (...fields: readonly string[]) => {
    const { error } = saving;
    if (!(error instanceof ApiError)) return undefined;
    return error.problems.find(({ pointer }) => fields.some((field) => pointer.startsWith(`/${field}`)))?.message;
  };
  const title = channel ? t('channels.editTitle', { name: channel.name }) : t('channels.addTitle');
  if (saving.data !== undefined)
    return (
      <ShownOnce
        title={t('channels.secretTitle')}
        lead={t('channels.secretLead')}
        label={t('channels.secretTitle')}
        text={saving.data}
        close={close}
      />
    );
  return (
    <Modal opened onClose={close} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <Stack gap={14}>
          <TextInput
            label={t('channels.name')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={problemAt('name')}
            maxLength={100}
            data-autofocus
          />
          {!channel && (
            <SegmentedControl
              size="xs"
              aria-label={t('channels.kind')}
              data={(['email', 'webhook'] as const).map((value) => ({ value, label: t(`channels.kinds.${value}`) }))}
              value={kind}
              onChange={(value) => setKind(value === 'webhook' ? 'webhook' : 'email')}
            />
          )}
          {kind === 'email' ? (
            <TextInput
              label={t('channels.to')}
              description={t('channels.toHint')}
              value={to}
              onChange={({ currentTarget }) => setTo(currentTarget.value)}
              error={problemAt('to')}
            />
          ) : (
            <TextInput
              type="url"
              label={t('channels.url')}
              description={t('channels.urlHint')}
              placeholder="https://"
              value={url}
              onChange={({ currentTarget }) => setUrl(currentTarget.value)}
              error={problemAt('url')}
            />
          )}
          <Select
            label={t('channels.severity')}
            data={(['warning', 'high'] as const).map((value) => ({
              value,
              label: t(`channels.severities.${value}`),
            }))}
            value={severity}
            onChange={(value) => setSeverity(value === 'high' ? 'high' : 'warning')}
          />
          <Switch
            size="xs"
            label={t('channels.enabled')}
            checked={enabled}
            onChange={({ currentTarget }) => setEnabled(currentTarget.checked)}
          />
          {saving.error && (
            <Alert color="red" variant="light" role="alert" title={t('channels.refused')}>
              {saving.error.message}
            </Alert>
          )}
        </Stack>
        <Group justify="flex-end" mt={24} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={name.trim() === ''}>
            {t('channels.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
