import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AnswerTo, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { notifyDone } from '../app/notify.ts';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { Copyable } from '../parts/shown-once.tsx';
import { QrCode } from './qr-code.tsx';
import factorClasses from './second-factor-panel.module.css';

type Setup = AnswerTo<'post /session/second-factor'>;

/** Sets the second factor up, or takes it off. */
export function SecondFactorPanel({ on }: { readonly on: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = (told: string) => {
    setOpen(false);
    notifyDone(told);
    void queryClient.invalidateQueries({ queryKey: ['session'] });
  };
  const button = (
    <Button variant="default" onClick={() => setOpen(true)}>
      {t(on ? 'account.factor.remove' : 'account.factor.begin')}
    </Button>
  );
  return (
    <Panel
      title={t('account.factor.title')}
      text={t(on ? 'account.factor.on' : 'account.factor.off')}
      actions={open ? undefined : button}
    >
      {open && on && <Removal done={() => close(t('account.factor.removed'))} />}
      {open && !on && <SetUp done={() => close(t('account.factor.done'))} />}
    </Panel>
  );
}

interface StepProps {
  readonly done: () => void;
}

function SetUp({ done }: StepProps) {
  const [setup, setSetup] = useState<Setup>();
  return setup ? <Confirmation setup={setup} done={done} /> : <Proof next={setSetup} />;
}

function Proof({ next }: { readonly next: (setup: Setup) => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const beginning = useMutation({
    mutationFn: () => call('post /session/second-factor', { body: { password } }),
    onSuccess: next,
  });
  return (
    <form className={classes.form} onSubmit={sent(beginning.mutate)}>
      <PasswordInput
        label={t('account.factor.proof')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="current-password"
        autoFocus
        required
        withAsterisk={false}
        size="sm"
      />
      <Refusal error={beginning.error} />
      <div>
        <Button type="submit" loading={beginning.isPending}>
          {t('account.factor.go')}
        </Button>
      </div>
    </form>
  );
}

function Confirmation({ setup: { secret, url, backupCodes }, done }: StepProps & { readonly setup: Setup }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const confirming = useMutation({
    mutationFn: () => call('post /session/second-factor/confirm', { body: { code: code.trim() } }),
    onSuccess: done,
  });
  return (
    <div className={factorClasses.setup}>
      <QrCode text={url} label={t('account.factor.qr')} />
      <form className={classes.form} onSubmit={sent(confirming.mutate)}>
        <p>{t('account.factor.scan')}</p>
        <Copyable label={t('account.factor.secret')} text={secret} />
        <div>
          <h3 className={factorClasses.title}>{t('account.factor.backup')}</h3>
          <p className={classes.quiet}>{t('account.factor.backupText')}</p>
          <Copyable label={t('account.factor.backup')} text={backupCodes.join(' ')} />
        </div>
        <TextInput
          label={t('account.factor.code')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          autoComplete="one-time-code"
          inputMode="numeric"
          pattern="[0-9]{6}"
          autoFocus
          required
          withAsterisk={false}
          size="sm"
        />
        <Refusal error={confirming.error} />
        <div>
          <Button type="submit" loading={confirming.isPending}>
            {t('account.factor.confirm')}
          </Button>
        </div>
      </form>
    </div>
  );
}

function Removal({ done }: StepProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const removing = useMutation({
    mutationFn: () => call('post /session/second-factor/remove', { body: { password, code: code.trim() } }),
    onSuccess: done,
  });
  return (
    <form className={classes.form} onSubmit={sent(removing.mutate)}>
      <PasswordInput
        label={t('account.factor.proof')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="current-password"
        autoFocus
        required
        withAsterisk={false}
        size="sm"
      />
      <TextInput
        label={t('account.factor.removeCode')}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        size="sm"
      />
      <Refusal error={removing.error} />
      <div>
        <Button type="submit" color="red" loading={removing.isPending}>
          {t('account.factor.remove')}
        </Button>
      </div>
    </form>
  );
}

function sent(act: () => void) {
  return (event: FormEvent) => {
    event.preventDefault();
    act();
  };
}
