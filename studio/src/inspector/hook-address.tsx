import { ActionIcon, CopyButton, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../flows/editing.ts';

/** Where a system posts to, to set off this trigger. */
export function HookAddress({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const hook = useEditing().hookUrls.find(({ node }) => node === id);
  if (!hook) return null;
  return (
    <TextInput
      size="xs"
      label={`${t('flow.hookUrl')} (${hook.method})`}
      value={hook.url}
      readOnly
      rightSection={
        <CopyButton value={hook.url}>
          {({ copied, copy }) => (
            <ActionIcon size={24} aria-label={t(copied ? 'common.copied' : 'common.copy')} onClick={copy}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          )}
        </CopyButton>
      }
    />
  );
}
