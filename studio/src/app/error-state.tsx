import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './empty-state.tsx';

interface ErrorStateProps {
  readonly error: Error;
  readonly retry: () => void;
  /** It is all that the page shows. */
  readonly wholePage?: boolean;
}

/** Something could not be loaded: why, and once more. */
export function ErrorState({ error, retry, wholePage = false }: ErrorStateProps) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <EmptyState icon={IconPlugConnectedX} title={t('common.failedTitle')} text={error.message} wholePage={wholePage}>
        <Button variant="default" onClick={retry}>
          {t('common.retry')}
        </Button>
      </EmptyState>
    </div>
  );
}
