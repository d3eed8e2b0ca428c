import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../app/empty-state.tsx';

/** Stands where the fields of the result will be. @param describe asks what the result looks like */
export function NothingKnown({ describe }: { readonly describe: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState icon={IconPlugConnected} title={t('mapper.noTargetTitle')} text={t('mapper.noTarget')}>
      <Button onClick={describe}>{t('mapper.pasteExample')}</Button>
    </EmptyState>
  );
}
