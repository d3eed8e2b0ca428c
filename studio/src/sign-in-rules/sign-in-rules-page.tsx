import { Button, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { AskFirst } from '../parts/ask-first.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Panel } from '../parts/panel.tsx';
import { Copyable } from '../parts/shown-once.tsx';
import { singleSignOnAddress } from '../sign-in/single-sign-on-address.ts';
import { type SignInRules, signInRulesQuery } from './queries.ts';
import { SingleSignOnForm } from './single-sign-on-form.tsx';

const refresh = () => void queryClient.invalidateQueries(signInRulesQuery);

/** Whether a second factor is needed, and whose provider lets people in. */
export function SignInRulesPage() {
  const { t } = useTranslation();
  const rules = useQuery(signInRulesQuery);
  return (
    <Page title={t('signInRules.title')} lead={t('signInRules.lead')} help="accounts">
      <Loaded query={rules}>
        {(shown) => (
          <>
            <SecondFactorPanel needed={shown.secondFactorNeeded} />
            <SingleSignOnPanel rules={shown} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function SecondFactorPanel({ needed }: { readonly needed: boolean }) {
  const { t } = useTranslation();
  const mayEdit = useMay()('sign-in.edit');
  const setting = useMutation({
    mutationFn: (next: boolean) => call('put /sign-in/second-factor', { body: { needed: next } }),
    onSuccess: () => notifyDone(t('signInRules.saved')),
    onError: (error) => notifyRefused(t('signInRules.refused'), error),
    onSettled: refresh,
  });
  return (
    <Panel title={t('signInRules.factorTitle')} text={t('signInRules.factorText')}>
      <Switch
        label={t('signInRules.needed')}
        checked={needed}
        onChange={(event) => setting.mutate(event.currentTarget.checked)}
        disabled={!mayEdit || setting.isPending}
      />
    </Panel>
  );
}

function SingleSignOnPanel({ rules: { singleSignOn, callback } }: { readonly rules: SignInRules }) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const tenant = useQuery(sessionQuery).data?.tenant.slug ?? '';
  const mayEdit = useMay()('sign-in.edit');
  const actions = singleSignOn && (
    <>
      <Button
        variant="default"
        title={t('signInRules.tryText')}
        onClick={() => location.assign(singleSignOnAddress(tenant))}
      >
        {t('signInRules.try')}
      </Button>
      {mayEdit && (
        <Button variant="default" onClick={() => setRemoving(true)}>
          {t('signInRules.remove')}
        </Button>
      )}
    </>
  );
  return (
    <Panel title={t('signInRules.ssoTitle')} text={t('signInRules.ssoText')} actions={actions}>
      <Copyable label={t('signInRules.callback')} text={callback} />
      {mayEdit && <SingleSignOnForm key={singleSignOn?.issuer} settings={singleSignOn} saved={refresh} />}
      {removing && (
        <AskFirst
          title={t('signInRules.removeTitle')}
          text={t('signInRules.removeText')}
          confirm={t('signInRules.remove')}
          act={() => call('post /sign-in/sso/remove')}
          close={() => setRemoving(false)}
          done={refresh}
        />
      )}
    </Panel>
  );
}
