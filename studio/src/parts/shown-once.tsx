import { Button, CopyButton, Group, Modal, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './panel.module.css';

interface CopyableProps {
  readonly label: string;
  readonly text: string;
}

/** A text with a button that copies it. */
export function Copyable({ label, text }: CopyableProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.secret}>
      <span className="visually-hidden">{label}</span>
      <code>{text}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={copy}
          >
            {t(copied ? 'common.copied' : 'common.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

interface ShownOnceProps extends CopyableProps {
  readonly title: string;
  readonly lead: string;
  readonly close: () => void;
}

/** A link or key that nobody sees a second time. */
export function ShownOnce({ title, lead, label, text, close }: ShownOnceProps) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} size={560}>
      <Text size="sm">{lead}</Text>
      <Copyable label={label} text={text} />
      <Group justify="flex-end" mt={20}>
        <Button onClick={close}>{t('parts.copied')}</Button>
      </Group>
    </Modal>
  );
}
