import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, apiKey } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { Mark } from './mark.tsx';
import classes from './sign-in-page.module.css';

export function SignInPage() {
  const { t } = useTranslation();
  const [key, setKey] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const [busy, setBusy] = useState(false);

  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    apiKey.set(key.trim());
    try {
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    } catch (error) {
      apiKey.clear();
      setRefusal(error instanceof ApiError && error.status === 401 ? t('signIn.refused') : (error as Error).message);
      setBusy(false);
    }
  };

  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={signIn}>
        <Mark size={40} />
        <h1 className={classes.title}>{t('signIn.title')}</h1>
        <p className={classes.lead}>{t('signIn.lead')}</p>
        <PasswordInput
          label={t('signIn.key')}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={refusal}
          autoComplete="off"
          autoFocus
          required
          withAsterisk={false}
          size="sm"
        />
        <Button type="submit" fullWidth h={38} mt={16} loading={busy} disabled={key.trim() === ''}>
          {t('signIn.submit')}
        </Button>
      </form>
    </main>
  );
}
