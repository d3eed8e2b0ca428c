import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './empty-state.tsx';

/** Something could not be loaded: why, and once more. */
export function ErrorState({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <EmptyState icon={IconPlugConnectedX} title={t('common.failedTitle')} text={error.message}>
        <Button variant="default" onClick={retry}>
          {t('common.retry')}
        </Button>
      </EmptyState>
    </div>
  );
}
