import { Alert, Button, Group, Modal, Radio, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { notifyDone } from '../app/notify.ts';
import { type TemplateSummary, templatesQuery } from './queries.ts';

export type Audience = NonNullable<TemplateSummary['audience']>;

interface PublishTemplateDialogProps {
  readonly flowId: string;
  /** Number of the flow's version; the newest where left out. */
  readonly release?: number;
  readonly close: () => void;
  readonly done: (template: string) => void;
}

/** Offers a version of a flow as a version of a template. */
export function PublishTemplateDialog({ flowId, release, close, done }: PublishTemplateDialogProps) {
  const { t } = useTranslation();
  const [version, setVersion] = useState('');
  const [changelog, setChangelog] = useState('');
  const [description, setDescription] = useState('');
  const [audience, setAudience] = useState<Audience>();
  const present = useAudience(flowId);
  const publishing = useMutation({
    mutationFn: () =>
      call('post /templates', {
        body: {
          flow: flowId,
          changelog,
          ...(release !== undefined && { release: String(release) }),
          ...(version.trim() !== '' && { version: version.trim() }),
          ...(description.trim() !== '' && { description }),
          ...(audience !== undefined && { audience }),
        },
      }),
    onSuccess: async (template) => {
      notifyDone(t('offer.done', { version: template.version }));
      await queryClient.invalidateQueries({ queryKey: ['templates'] });
      close();
      done(template.id);
    },
  });
  return (
    <Modal opened onClose={close} size={520} title={t('offer.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          publishing.mutate();
        }}
      >
        <Stack gap={14}>
          <Text size="sm" c="var(--ink-2)">
            {t('offer.lead')} {release !== undefined && t('offer.release', { number: release })}
          </Text>
          <TextInput
            label={t('offer.version')}
            description={t('offer.versionHint')}
            value={version}
            onChange={(event) => setVersion(event.currentTarget.value)}
          />
          <Textarea
            size="xs"
            autosize
            minRows={3}
            label={t('offer.changelog')}
            description={t('offer.changelogHint')}
            required
            value={changelog}
            onChange={(event) => setChangelog(event.currentTarget.value)}
            data-autofocus
          />
          <Textarea
            size="xs"
            autosize
            minRows={2}
            label={t('offer.description')}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <AudienceField value={audience ?? present} change={setAudience} />
        </Stack>
        {publishing.error && (
          <Alert color="red" variant="light" mt={16} role="alert">
            {publishing.error.message}
          </Alert>
        )}
        <Group justify="flex-end" mt={24} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={publishing.isPending}>
            {t('offer.confirm')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

/** Who may see the template that the flow is offered as; the own tenant before it is offered. */
function useAudience(flow: string): Audience | undefined {
  const slug = useQuery(sessionQuery).data?.tenant.slug;
  const templates = useQuery(templatesQuery).data;
  return templates && (templates.find(({ id }) => id === `${slug}/${flow}`)?.audience ?? 'own');
}

interface AudienceFieldProps {
  /** Nothing where it is not known yet. */
  readonly value: Audience | undefined;
  readonly change: (audience: Audience) => void;
}

/** Who may see a template. */
export function AudienceField({ value, change }: AudienceFieldProps) {
  const { t } = useTranslation();
  const kind = typeof value === 'object' ? 'named' : (value ?? null);
  return (
    <Stack gap={8}>
      <Radio.Group
        label={t('template.audience')}
        value={kind}
        onChange={(chosen) => change(chosen === 'own' || chosen === 'everybody' ? chosen : [])}
      >
        <Stack gap={6} mt={4}>
          {(['own', 'everybody', 'named'] as const).map((one) => (
            <Radio key={one} size="xs" value={one} label={t(`template.audiences.${one}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {typeof value === 'object' && (
        <TagsInput size="xs" label={t('template.named')} value={[...value]} onChange={change} />
      )}
    </Stack>
  );
}
