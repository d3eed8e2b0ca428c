import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { Door } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import { linkToken } from './link-token.ts';
import { NewPassword } from './new-password.tsx';

/** Sets a new password by the link that an admin made or that was mailed. */
export function ResetPage() {
  const { t } = useTranslation();
  const [token] = useState(linkToken);
  const [password, setPassword] = useState('');
  const setting = useMutation({
    mutationFn: () => call('post /session/reset-password', { body: { token, password } }),
  });
  if (token === '') return <Door title={t('signIn.noTokenTitle')} lead={t('signIn.noToken')} />;
  if (setting.isSuccess)
    return (
      <Door title={t('signIn.resetDoneTitle')} lead={t('signIn.resetDone')}>
        <Button fullWidth h={38} onClick={() => location.assign('/')}>
          {t('signIn.toSignIn')}
        </Button>
      </Door>
    );
  return (
    <Door title={t('signIn.resetTitle')} lead={t('signIn.resetLead')}>
      <DoorForm sending={setting} submit={t('signIn.resetGo')}>
        <NewPassword label={t('signIn.newPassword')} value={password} change={setPassword} />
      </DoorForm>
    </Door>
  );
}
