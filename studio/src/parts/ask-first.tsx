import { Button, Group, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Refusal } from './refusal.tsx';

interface AskFirstProps {
  readonly title: string;
  /** What goes, and what stays. */
  readonly text: string;
  readonly confirm: string;
  /** The way back, where “Cancel” would be taken for the deed. */
  readonly keep?: string;
  readonly act: () => Promise<unknown>;
  readonly close: () => void;
  readonly done?: () => void;
}

/** Asks before something goes that does not come back, and tells why it was refused. */
export function AskFirst({ title, text, confirm, keep, act, close, done }: AskFirstProps) {
  const { t } = useTranslation();
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => {
      close();
      done?.();
    },
  });
  return (
    <Modal opened onClose={close} title={title}>
      <Text size="sm">{text}</Text>
      <Refusal error={acting.error} />
      <Group justify="flex-end" mt={24} gap={8}>
        <Button variant="default" onClick={close} data-autofocus>
          {keep ?? t('common.cancel')}
        </Button>
        <Button color="red" onClick={() => acting.mutate()} loading={acting.isPending}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
