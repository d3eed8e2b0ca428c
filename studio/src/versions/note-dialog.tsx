import { Alert, Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { getHotkeyHandler } from '@mantine/hooks';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface NoteDialogProps {
  readonly title: string;
  readonly lead: string;
  readonly confirm: string;
  /** Something goes by it. */
  readonly isDestructive?: boolean;
  readonly busy: boolean;
  /** Why it was refused. */
  readonly error: Error | null;
  readonly act: (note: string | undefined) => void;
  readonly close: () => void;
  readonly children?: ReactNode;
}

/** Asks before something is done that others will want to know the reason of. */
export function NoteDialog(props: NoteDialogProps) {
  const { title, lead, confirm, isDestructive = false, busy, error, act, close, children } = props;
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const form = useRef<HTMLFormElement>(null);
  return (
    <Modal opened onClose={close} size={480} title={title}>
      <form
        ref={form}
        onKeyDown={getHotkeyHandler([['mod+Enter', () => form.current?.requestSubmit()]])}
        onSubmit={(event) => {
          event.preventDefault();
          act(note.trim() === '' ? undefined : note.trim());
        }}
      >
        <Text size="sm" c="var(--ink-2)">
          {lead}
        </Text>
        {children}
        <NoteField value={note} change={setNote} isFirst />
        {error && (
          <Alert color="red" variant="light" mt={16} role="alert">
            {error.message}
          </Alert>
        )}
        <Group justify="flex-end" mt={24} gap={8}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} {...(isDestructive && { color: 'red' })}>
            {confirm}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface NoteFieldProps {
  readonly value: string;
  readonly change: (note: string) => void;
  /** The dialog that it stands in begins with it. */
  readonly isFirst?: boolean;
}

/** Why something is done, for those who look later. */
export function NoteField({ value, change, isFirst = false }: NoteFieldProps) {
  const { t } = useTranslation();
  return (
    <Textarea
      mt={16}
      size="xs"
      autosize
      minRows={2}
      maxRows={6}
      maxLength={2000}
      label={t('versions.note')}
      description={t('versions.noteDescription')}
      placeholder={t('versions.notePlaceholder')}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      {...(isFirst && { 'data-autofocus': true })}
    />
  );
}
