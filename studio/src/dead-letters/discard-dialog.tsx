import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface DiscardDialogProps {
  readonly count: number;
  readonly discard: (note: string) => void;
  readonly close: () => void;
}

export function DiscardDialog({ count, discard, close }: DiscardDialogProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  return (
    <Modal opened onClose={close} title={t('deadLetters.discardTitle', { count })}>
      <Text size="sm">{t('deadLetters.discardLead')}</Text>
      <Textarea
        mt={16}
        size="xs"
        label={t('deadLetters.note')}
        value={note}
        maxLength={1000}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" mt={24} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button color="red" onClick={() => discard(note.trim())}>
          {t('deadLetters.discardConfirm')}
        </Button>
      </Group>
    </Modal>
  );
}
