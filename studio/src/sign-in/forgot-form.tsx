import { Alert, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { Door, Way } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import type { WayProps } from './sign-in-page.tsx';

/** Has a link for a new password mailed; who cannot get mail asks an admin for one. */
export function ForgotForm({ go }: WayProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const asking = useMutation({
    mutationFn: () => call('post /session/forgot-password', { body: { email: email.trim() } }),
  });
  return (
    <Door
      title={t('signIn.forgotTitle')}
      lead={t('signIn.forgotLead')}
      ways={<Way go={() => go('password')}>{t('signIn.byPassword')}</Way>}
    >
      {asking.isSuccess ? (
        <Alert color="teal" variant="light" role="status">
          {t('signIn.mailed', { email })}
        </Alert>
      ) : (
        <DoorForm sending={asking} submit={t('signIn.mail')}>
          <TextInput
            label={t('signIn.email')}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            size="sm"
          />
        </DoorForm>
      )}
    </Door>
  );
}
