import { PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, apiKey } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { Door, Way } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import type { WayProps } from './sign-in-page.tsx';

/** By an API key, which only this browser tab keeps. */
export function KeyForm({ go }: WayProps) {
  const { t } = useTranslation();
  const [key, setKey] = useState('');
  const signingIn = useMutation({
    mutationFn: async () => {
      apiKey.set(key.trim());
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    },
    onError: () => apiKey.clear(),
  });
  const { error } = signingIn;
  const refused = error instanceof ApiError && error.status === 401;
  return (
    <Door
      title={t('signIn.keyTitle')}
      lead={t('signIn.keyLead')}
      ways={<Way go={() => go('password')}>{t('signIn.byPassword')}</Way>}
    >
      <DoorForm sending={signingIn} submit={t('signIn.submit')} {...(refused && { refusal: t('signIn.keyRefused') })}>
        <PasswordInput
          label={t('signIn.key')}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          autoComplete="off"
          autoFocus
          required
          withAsterisk={false}
          size="sm"
        />
      </DoorForm>
    </Door>
  );
}
