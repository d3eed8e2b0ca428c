import { Button, PasswordInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { notifyDone } from '../app/notify.ts';
import { memberRoles } from '../members/queries.ts';
import classes from '../parts/panel.module.css';
import { Refusal } from '../parts/refusal.tsx';
import type { SingleSignOn } from './queries.ts';

const unset: SingleSignOn = { issuer: '', clientId: '', domains: [], newcomers: null, passwords: true };
/** Among the roles, for none. */
const nobody = 'nobody';

interface SingleSignOnFormProps {
  readonly settings: SingleSignOn | null;
  readonly saved: () => void;
}

/** The tenant's provider. Its secret is written and never shown. */
export function SingleSignOnForm({ settings, saved }: SingleSignOnFormProps) {
  const { t } = useTranslation();
  const [value, setValue] = useState(settings ?? unset);
  const [clientSecret, setClientSecret] = useState('');
  const set = (part: Partial<SingleSignOn>) => setValue({ ...value, ...part });
  const saving = useMutation({
    mutationFn: () => call('put /sign-in/sso', { body: { ...value, ...(clientSecret !== '' && { clientSecret }) } }),
    onSuccess: () => {
      setClientSecret('');
      notifyDone(t('signInRules.saved'));
      saved();
    },
  });
  return (
    <form
      className={classes.form}
      style={{ marginTop: 16 }}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <TextInput
        label={t('signInRules.issuer')}
        description={t('signInRules.issuerHint')}
        placeholder="https://login.example.com"
        value={value.issuer}
        onChange={(event) => set({ issuer: event.currentTarget.value })}
        required
      />
      <TextInput
        label={t('signInRules.clientId')}
        value={value.clientId}
        onChange={(event) => set({ clientId: event.currentTarget.value })}
        required
      />
      <PasswordInput
        label={t('signInRules.clientSecret')}
        description={settings && t('signInRules.secretKept')}
        value={clientSecret}
        onChange={(event) => setClientSecret(event.currentTarget.value)}
        autoComplete="off"
        required={settings === null}
        size="xs"
      />
      <TagsInput
        label={t('signInRules.domains')}
        description={t('signInRules.domainsHint')}
        value={[...value.domains]}
        onChange={(domains) => set({ domains })}
        size="xs"
      />
      <Select
        label={t('signInRules.newcomers')}
        data={[
          { value: nobody, label: t('signInRules.nobody') },
          ...memberRoles.map((role) => ({ value: role as string, label: t(`members.roles.${role}`) })),
        ]}
        value={value.newcomers ?? nobody}
        onChange={(role) => set({ newcomers: memberRoles.find((known) => known === role) ?? null })}
      />
      <Switch
        label={t('signInRules.passwords')}
        checked={value.passwords}
        onChange={(event) => set({ passwords: event.currentTarget.checked })}
      />
      <Refusal error={saving.error} />
      <div>
        <Button type="submit" loading={saving.isPending}>
          {t('signInRules.save')}
        </Button>
      </div>
    </form>
  );
}
