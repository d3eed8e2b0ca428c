import { Button, Radio, Skeleton, Stack, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { ErrorState } from '../app/error-state.tsx';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { promotionRulesQuery } from '../versions/queries.ts';
import classes from './promotions.module.css';
import type { PromotionRules } from './queries.ts';

const demands = ['none', 'pass', 'exercise'] as const;

export function RulesPage() {
  const { t } = useTranslation();
  const rules = useQuery(promotionRulesQuery);
  return (
    <Page title={t('rules.title')} lead={t('rules.lead')}>
      {rules.isPending && <Skeleton height={260} radius={14} />}
      {rules.error && <ErrorState error={rules.error} retry={() => void rules.refetch()} />}
      {rules.data && <RulesForm rules={rules.data} />}
    </Page>
  );
}

function RulesForm({ rules }: { readonly rules: PromotionRules }) {
  const { t } = useTranslation();
  const mayChange = useMay()('promotions.rule');
  const [changed, setChanged] = useState(rules);
  const saving = useMutation({
    mutationFn: () => call('put /promotion-rules', { body: changed }),
    onSuccess: (saved) => {
      queryClient.setQueryData(promotionRulesQuery.queryKey, saved);
      notifyDone(t('rules.saved'));
    },
    onError: (error) => notifyRefused(t('rules.failed'), error),
  });
  return (
    <form
      className={classes.rules}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Stack gap={20}>
        {(['required', 'byAnother'] as const).map((rule) => (
          <Switch
            key={rule}
            label={t(`rules.${rule}`)}
            description={t(`rules.${rule}Hint`)}
            disabled={!mayChange}
            checked={changed[rule]}
            onChange={(event) => setChanged({ ...changed, [rule]: event.currentTarget.checked })}
          />
        ))}
        <Radio.Group
          label={t('rules.tests')}
          value={changed.tests}
          onChange={(value) => {
            const tests = demands.find((known) => known === value);
            if (tests) setChanged({ ...changed, tests });
          }}
        >
          <Stack gap={12} mt={8}>
            {demands.map((demand) => (
              <Radio
                key={demand}
                value={demand}
                label={t(`rules.${demand}`)}
                description={t(`rules.${demand}Hint`)}
                disabled={!mayChange}
              />
            ))}
          </Stack>
        </Radio.Group>
        {mayChange ? (
          <div>
            <Button type="submit" loading={saving.isPending}>
              {t('rules.save')}
            </Button>
          </div>
        ) : (
          <p className={classes.same}>{t('rules.readOnly')}</p>
        )}
      </Stack>
    </form>
  );
}
