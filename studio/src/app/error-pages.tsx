import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { type ErrorComponentProps, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <EmptyState icon={IconMapOff} title={t('common.notFoundTitle')} text={t('common.notFound')} wholePage>
      <Button variant="default" onClick={() => void navigate({ to: '/flows' })}>
        {t('common.toFlows')}
      </Button>
    </EmptyState>
  );
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error instanceof Error ? error : new Error(String(error))} retry={reset} wholePage />;
}
