import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface LeaveDialogProps {
  readonly name: string;
  readonly stay: () => void;
  readonly leave: () => void;
}

/** Asks before unsaved edits are lost. */
export function LeaveDialog({ name, stay, leave }: LeaveDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={stay} title={t('flow.leaveTitle')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Text size="sm">{t('flow.leave', { name })}</Text>
      <Group justify="flex-end" mt={24} gap={8}>
        <Button variant="default" onClick={leave}>
          {t('flow.leaveConfirm')}
        </Button>
        <Button onClick={stay} data-autofocus>
          {t('flow.stay')}
        </Button>
      </Group>
    </Modal>
  );
}
