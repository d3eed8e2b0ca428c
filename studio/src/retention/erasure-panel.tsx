import { Alert, Button, Group, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { useMay } from '../app/use-may.ts';
import { AskFirst } from '../parts/ask-first.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import type { ErasureReport } from './queries.ts';

type Way = 'field' | 'record';

/** What there is of a person, and its end: seen first, then done. */
export function ErasurePanel() {
  const { t } = useTranslation();
  const mayErase = useMay()('erasures.make');
  const [way, setWay] = useState<Way>('field');
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [asking, setAsking] = useState(false);
  const [erased, setErased] = useState<ErasureReport>();
  const body = way === 'field' ? { field: name.trim(), value } : { record: { type: name.trim(), id: value } };
  const planning = useMutation({
    mutationFn: () => call('post /erasures/plan', { body }),
    onMutate: () => setErased(undefined),
  });
  // What was planned belongs to what was asked for.
  const change = (act: () => void) => {
    planning.reset();
    setErased(undefined);
    act();
  };
  const plan = planning.data;
  return (
    <Panel title={t('retention.eraseTitle')} text={t('retention.eraseText')}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          planning.mutate();
        }}
      >
        <SegmentedControl
          aria-label={t('retention.by')}
          data={[
            { value: 'field', label: t('retention.byField') },
            { value: 'record', label: t('retention.byRecord') },
          ]}
          value={way}
          onChange={(next) => change(() => setWay(next))}
          size="xs"
          w="fit-content"
        />
        <TextInput
          label={t(way === 'field' ? 'retention.field' : 'retention.type')}
          description={way === 'field' && t('retention.fieldHint')}
          value={name}
          onChange={(event) => change(() => setName(event.currentTarget.value))}
          required
        />
        <TextInput
          label={t(way === 'field' ? 'retention.value' : 'retention.id')}
          value={value}
          onChange={(event) => change(() => setValue(event.currentTarget.value))}
          required
        />
        <Refusal error={planning.error} />
        <Group gap={8}>
          <Button type="submit" variant="default" loading={planning.isPending}>
            {t('retention.plan')}
          </Button>
          {plan && !erased && mayErase && !isNothing(plan) && (
            <Button color="red" onClick={() => setAsking(true)}>
              {t('retention.erase')}
            </Button>
          )}
        </Group>
      </form>
      {erased && <Report title={t('retention.erased')} report={erased} />}
      {plan && !erased && <Report title={t('retention.planned')} report={plan} />}
      {asking && plan && (
        <AskFirst
          title={t('retention.askTitle')}
          text={t('retention.askText', { runs: countOf(plan.runs), records: countOf(plan.records) })}
          confirm={t('retention.erase')}
          act={async () => setErased(await call('post /erasures', { body }))}
          close={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}

const counts = ['steps', 'signals', 'deadLetters', 'payloads', 'recordVersions', 'closed'] as const;

function Report({ title, report }: { readonly title: string; readonly report: ErasureReport }) {
  const { t } = useTranslation();
  return (
    <Alert color="gray" variant="light" mt={16} title={title} role="status">
      {isNothing(report) ? (
        t('retention.nothing')
      ) : (
        <dl className={classes.facts}>
          <dt>{t('retention.runs')}</dt>
          <dd>
            <Places places={report.runs.map(({ flow, ...place }) => ({ ...place, what: flow }))} />
          </dd>
          <dt>{t('retention.records')}</dt>
          <dd>
            <Places places={report.records.map(({ type, ...place }) => ({ ...place, what: type }))} />
          </dd>
          {counts.map((what) => (
            <div key={what} style={{ display: 'contents' }}>
              <dt>{t(`retention.${what}`)}</dt>
              <dd className="numbers">{report[what]}</dd>
            </div>
          ))}
          {report.kept.length > 0 && (
            <>
              <dt>{t('retention.kept')}</dt>
              <dd>
                {report.kept.map(({ what, why }) => (
                  <div key={what + why}>
                    {what}: {why}
                  </div>
                ))}
              </dd>
            </>
          )}
        </dl>
      )}
    </Alert>
  );
}

interface Place {
  readonly environment: string;
  readonly what: string;
  readonly count: number;
}

function Places({ places }: { readonly places: readonly Place[] }) {
  const { t } = useTranslation();
  if (places.length === 0) return '0';
  return places.map((place) => <div key={place.environment + place.what}>{t('retention.times', { ...place })}</div>);
}

function countOf(places: readonly { readonly count: number }[]): number {
  return places.reduce((sum, { count }) => sum + count, 0);
}

function isNothing({ runs, records, steps, signals, payloads }: ErasureReport): boolean {
  return countOf(runs) + countOf(records) + steps + signals + payloads === 0;
}
