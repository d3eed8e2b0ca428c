import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { Door, Way } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import type { WayProps } from './sign-in-page.tsx';
import { whatIsMissing } from './what-is-missing.ts';

/** E-mail address and password; the code and the tenant are asked for when the answer asks for them. */
export function PasswordForm({ go }: WayProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [tenant, setTenant] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ readonly code: boolean; readonly tenants: readonly string[] }>({
    code: false,
    tenants: [],
  });
  const signingIn = useMutation({
    mutationFn: () =>
      call('post /session', {
        body: { email: email.trim(), password, ...(code !== '' && { code }), ...(tenant !== null && { tenant }) },
      }),
    onSuccess: () => location.reload(),
    onError: (error) => {
      const missing = whatIsMissing(error);
      if (missing.code) setAsked({ ...asked, code: true });
      if (missing.tenants) setAsked({ ...asked, tenants: missing.tenants });
      if (missing.tenants) setCode('');
    },
  });
  const { code: codeMissing, tenants: tenantMissing } = whatIsMissing(signingIn.error);
  return (
    <Door
      title={t('signIn.title')}
      lead={t('signIn.lead')}
      ways={
        <>
          <Way go={() => go('sso')}>{t('signIn.bySso')}</Way>
          <Way go={() => go('key')}>{t('signIn.byKey')}</Way>
          <Way go={() => go('forgot')}>{t('signIn.forgot')}</Way>
        </>
      }
    >
      <DoorForm
        sending={signingIn}
        submit={t('signIn.submit')}
        {...((codeMissing || tenantMissing) && { refusal: '' })}
      >
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
        <PasswordInput
          label={t('signIn.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          size="sm"
        />
        {asked.tenants.length > 0 && (
          <Select
            label={t('signIn.tenant')}
            description={t('signIn.tenantHint')}
            data={[...asked.tenants]}
            value={tenant}
            onChange={setTenant}
            required
            withAsterisk={false}
            size="sm"
          />
        )}
        {asked.code && (
          <TextInput
            label={t('signIn.code')}
            description={t('signIn.codeHint')}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoComplete="one-time-code"
            inputMode="numeric"
            autoFocus
            required
            withAsterisk={false}
            size="sm"
          />
        )}
      </DoorForm>
    </Door>
  );
}
