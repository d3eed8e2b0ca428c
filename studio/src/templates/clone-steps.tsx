import { Select, Skeleton, Stack, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { catalogueQuery, connectionsQuery } from '../api/queries.ts';
import { type Environment, environments, type Json } from '../api/types.ts';
import type { Template } from './queries.ts';
import classes from './templates.module.css';

const SchemaForm = lazy(() =>
  import('../inspector/schema-form.tsx').then((module) => ({ default: module.SchemaForm })),
);

/** What the wizard has been told so far. */
export interface Wish {
  readonly flow: string;
  readonly name: string;
  readonly parameters: Record<string, Json>;
  readonly connections: Readonly<Record<Environment, Readonly<Record<string, string>>>>;
  readonly deploy: boolean;
  /** Sample of the trial run. */
  readonly sample: string | null;
}

interface StepProps {
  readonly template: Template;
  readonly wish: Wish;
  readonly change: (change: Partial<Wish>) => void;
}

export function NameStep({ wish, change }: StepProps) {
  const { t } = useTranslation();
  return (
    <Stack gap={14} mt={20}>
      <TextInput
        label={t('clone.name')}
        required
        maxLength={200}
        value={wish.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('clone.id')}
        description={t('clone.idHint')}
        required
        maxLength={64}
        value={wish.flow}
        onChange={(event) => change({ flow: event.currentTarget.value })}
      />
    </Stack>
  );
}

const nothing: readonly [] = [];

export function ParametersStep({ template: { offered }, wish, change }: StepProps) {
  const { t } = useTranslation();
  if (Object.keys(offered.parameters?.properties ?? {}).length === 0)
    return <p className={classes.stepLead}>{t('clone.noParameters')}</p>;
  return (
    <>
      <p className={classes.stepLead}>{t('clone.parametersLead')}</p>
      <Suspense fallback={<Skeleton height={80} />}>
        <SchemaForm
          id="clone"
          schema={offered.parameters ?? {}}
          value={wish.parameters}
          onChange={(parameters) => change({ parameters: parameters as Record<string, Json> })}
          problems={nothing}
        />
      </Suspense>
    </>
  );
}

export function ConnectionsStep({ template: { offered }, wish, change }: StepProps) {
  const { t } = useTranslation();
  const slots = Object.entries(offered.connections);
  if (slots.length === 0) return <p className={classes.stepLead}>{t('clone.noConnections')}</p>;
  return (
    <>
      <p className={classes.stepLead}>{t('clone.connectionsLead')}</p>
      <div className={classes.environments}>
        {environments.map((environment) => (
          <Bindings
            key={environment}
            environment={environment}
            slots={slots}
            bound={wish.connections[environment]}
            bind={(bound) => change({ connections: { ...wish.connections, [environment]: bound } })}
          />
        ))}
      </div>
    </>
  );
}

interface BindingsProps {
  readonly environment: Environment;
  readonly slots: readonly (readonly [string, { readonly type: string }])[];
  readonly bound: Readonly<Record<string, string>>;
  readonly bind: (bound: Readonly<Record<string, string>>) => void;
}

function Bindings({ environment, slots, bound, bind }: BindingsProps) {
  const { t } = useTranslation();
  const connections = useQuery(connectionsQuery(environment)).data ?? [];
  const types = useQuery(catalogueQuery).data?.connections ?? [];
  return (
    <fieldset className={classes.bindings}>
      <legend>{t(`nav.environments.${environment}`)}</legend>
      <Stack gap={14}>
        {slots.map(([slot, { type }]) => {
          const fitting = connections.filter((known) => known.type === type);
          return (
            <Select
              key={slot}
              label={slot}
              description={types.find(({ id }) => id === type)?.title ?? type}
              placeholder={t(fitting.length === 0 ? 'clone.noFitting' : 'clone.later')}
              data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
              disabled={fitting.length === 0}
              value={bound[slot] ?? null}
              onChange={(id) => id !== null && bind({ ...bound, [slot]: id })}
            />
          );
        })}
      </Stack>
    </fieldset>
  );
}

export function TrialStep({ template: { offered }, wish, change }: StepProps) {
  const { t } = useTranslation();
  const [first = null] = offered.samples;
  return (
    <Stack gap={14} mt={20}>
      <Switch
        label={t('clone.deploy')}
        checked={wish.deploy}
        onChange={(event) =>
          change({ deploy: event.currentTarget.checked, ...(!event.currentTarget.checked && { sample: null }) })
        }
      />
      <Switch
        label={t('clone.trial')}
        description={first === null ? t('clone.noSamples') : t('clone.trialHint')}
        disabled={first === null}
        checked={wish.sample !== null}
        onChange={(event) => change(event.currentTarget.checked ? { deploy: true, sample: first } : { sample: null })}
      />
      {wish.sample !== null && (
        <Select
          label={t('clone.sample')}
          data={[...offered.samples]}
          value={wish.sample}
          onChange={(sample) => change({ sample })}
        />
      )}
    </Stack>
  );
}
