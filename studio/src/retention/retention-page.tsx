import { Button, NumberInput, SimpleGrid } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { environments } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { ErasurePanel } from './erasure-panel.tsx';
import { type Retention, retentionQuery } from './queries.ts';

export function RetentionPage() {
  const { t } = useTranslation();
  const retention = useQuery(retentionQuery);
  const mayErase = useMay()('erasures.plan');
  return (
    <Page title={t('retention.title')} lead={t('retention.lead')} help="retention-and-erasure">
      <Loaded query={retention}>{(kept) => <KeepPanel kept={kept} />}</Loaded>
      {mayErase && <ErasurePanel />}
    </Page>
  );
}

function KeepPanel({ kept }: { readonly kept: Retention }) {
  const { t } = useTranslation();
  const mayEdit = useMay()('retention.set');
  const [value, setValue] = useState(kept);
  const saving = useMutation({
    mutationFn: () => call('put /retention', { body: value }),
    onSuccess: () => {
      notifyDone(t('retention.saved'));
      void queryClient.invalidateQueries(retentionQuery);
    },
  });
  return (
    <Panel title={t('retention.keepTitle')} text={t('retention.keepText')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <SimpleGrid cols={3} spacing={16} maw={640}>
          {environments.map((environment) => (
            <fieldset key={environment} className={classes.group}>
              <legend>{t(`nav.environments.${environment}`)}</legend>
              {(['stepDays', 'runDays'] as const).map((what) => (
                <Days
                  key={what}
                  label={t(`retention.${what}`)}
                  days={value[environment][what]}
                  change={(days) => setValue({ ...value, [environment]: { ...value[environment], [what]: days } })}
                  disabled={!mayEdit}
                />
              ))}
            </fieldset>
          ))}
          <fieldset className={classes.group}>
            <legend>{t('retention.auditTitle')}</legend>
            <Days
              label={t('retention.auditDays')}
              days={value.auditDays}
              change={(auditDays) => setValue({ ...value, auditDays })}
              disabled={!mayEdit}
            />
          </fieldset>
        </SimpleGrid>
        <Refusal error={saving.error} />
        {mayEdit && (
          <Button type="submit" mt={16} loading={saving.isPending}>
            {t('retention.save')}
          </Button>
        )}
      </form>
    </Panel>
  );
}

interface DaysProps {
  readonly label: string;
  readonly days: number | null;
  readonly change: (days: number | null) => void;
  readonly disabled: boolean;
}

/** A number of days; none where it is left empty. */
function Days({ label, days, change, disabled }: DaysProps) {
  return (
    <NumberInput
      label={label}
      value={days ?? ''}
      onChange={(value) => change(typeof value === 'number' ? value : null)}
      min={1}
      allowDecimal={false}
      disabled={disabled}
      mt={8}
    />
  );
}
