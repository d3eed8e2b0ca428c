import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Door, Way } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import type { WayProps } from './sign-in-page.tsx';
import { singleSignOnAddress } from './single-sign-on-address.ts';

/** By the OpenID provider of a tenant, which is known by the tenant's short name. */
export function SingleSignOnForm({ go }: WayProps) {
  const { t } = useTranslation();
  const [tenant, setTenant] = useState('');
  const leaving = useMutation({
    mutationFn: async () => location.assign(singleSignOnAddress(tenant.trim())),
  });
  return (
    <Door
      title={t('signIn.ssoTitle')}
      lead={t('signIn.ssoLead')}
      ways={<Way go={() => go('password')}>{t('signIn.byPassword')}</Way>}
    >
      <DoorForm sending={leaving} submit={t('signIn.ssoGo')}>
        <TextInput
          label={t('signIn.tenant')}
          description={t('signIn.tenantShort')}
          value={tenant}
          onChange={(event) => setTenant(event.currentTarget.value)}
          autoComplete="organization"
          autoFocus
          required
          withAsterisk={false}
          size="sm"
        />
      </DoorForm>
    </Door>
  );
}
