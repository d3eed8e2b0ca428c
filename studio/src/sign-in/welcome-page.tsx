import { Collapse, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../api/client.ts';
import { Door, Way } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import { linkToken } from './link-token.ts';
import { NewPassword } from './new-password.tsx';

/** Accepts an invitation: with a new account, or with the one that there is. */
export function WelcomePage() {
  const { t } = useTranslation();
  const [token] = useState(linkToken);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [email, setEmail] = useState('');
  const [code, setCode] = useState('');
  const [more, setMore] = useState(false);
  const accepting = useMutation({
    mutationFn: () =>
      call('post /invitations/accept', {
        body: { token, name: name.trim(), password, ...(email !== '' && { email }), ...(code !== '' && { code }) },
      }),
    onSuccess: () => location.assign('/'),
    onError: (error) => {
      if (error instanceof ApiError && ['CODE_NEEDED', 'EMAIL_NEEDED'].includes(error.code)) setMore(true);
    },
  });
  if (token === '') return <Door title={t('signIn.noTokenTitle')} lead={t('signIn.noToken')} />;
  return (
    <Door
      title={t('signIn.welcomeTitle')}
      lead={t('signIn.welcomeLead')}
      ways={more ? undefined : <Way go={() => setMore(true)}>{t('signIn.welcomeMore')}</Way>}
    >
      <DoorForm sending={accepting} submit={t('signIn.welcomeGo')}>
        <TextInput
          label={t('signIn.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="name"
          maxLength={200}
          autoFocus
          required
          withAsterisk={false}
          size="sm"
        />
        <NewPassword label={t('signIn.password')} value={password} change={setPassword} />
        <Collapse expanded={more}>
          <TextInput
            label={t('signIn.ownerEmail')}
            description={t('signIn.ownerEmailHint')}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            autoComplete="email"
            size="sm"
            mb={14}
          />
          <TextInput
            label={t('signIn.code')}
            description={t('signIn.ownCodeHint')}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoComplete="one-time-code"
            size="sm"
          />
        </Collapse>
      </DoorForm>
    </Door>
  );
}
