import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { notifyDone } from '../app/notify.ts';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { NewPassword } from '../sign-in/new-password.tsx';

export function PasswordPanel() {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const changing = useMutation({
    mutationFn: () => call('post /session/password', { body: { password, newPassword } }),
    onSuccess: () => {
      setPassword('');
      setNewPassword('');
      notifyDone(t('account.password.done'));
      void queryClient.invalidateQueries({ queryKey: ['session', 'sessions'] });
    },
  });
  const change = (event: FormEvent) => {
    event.preventDefault();
    changing.mutate();
  };
  return (
    <Panel title={t('account.password.title')} text={t('account.password.text')}>
      <form className={classes.form} onSubmit={change}>
        <PasswordInput
          label={t('account.password.current')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          size="sm"
        />
        <NewPassword label={t('account.password.next')} value={newPassword} change={setNewPassword} />
        <Refusal error={changing.error} />
        <div>
          <Button type="submit" loading={changing.isPending}>
            {t('account.password.save')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
