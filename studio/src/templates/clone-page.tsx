import { Alert, Button, Group, Select, Skeleton, Stack, Stepper, Switch, TextInput } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../api/client.ts';
import { catalogueQuery, connectionsQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { type Environment, environments, type Json, type Problem } from '../api/types.ts';
import { ErrorState } from '../app/error-state.tsx';
import { notifyDone } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { type Template, templateQuery } from './queries.ts';
import classes from './templates.module.css';

const SchemaForm = lazy(() =>
  import('../inspector/schema-form.tsx').then((module) => ({ default: module.SchemaForm })),
);

export function ClonePage() {
  const { t } = useTranslation();
  const { templateId } = useParams({ from: '/templates/$templateId/clone' });
  const template = useQuery(templateQuery(templateId));
  if (template.error && !template.data)
    return <ErrorState error={template.error} retry={() => void template.refetch()} wholePage />;
  if (!template.data)
    return (
      <Page title={t('templates.title')}>
        <Skeleton height={240} radius={14} />
      </Page>
    );
  return (
    <Page title={t('clone.title', { name: template.data.name })} lead={t('clone.lead')}>
      <CloneWizard template={template.data} />
    </Page>
  );
}

/** What the wizard has been told so far. */
interface Wish {
  readonly flow: string;
  readonly name: string;
  readonly parameters: Record<string, Json>;
  readonly connections: Readonly<Record<Environment, Readonly<Record<string, string>>>>;
  readonly deploy: boolean;
  /** Sample of the trial run. */
  readonly sample: string | null;
}

function bodyOf({ flow, name, parameters, connections, deploy, sample }: Wish) {
  return { flow, name, parameters, connections, deploy, ...(sample !== null && { trial: { sample } }) };
}

interface StepProps {
  readonly template: Template;
  readonly wish: Wish;
  readonly change: (change: Partial<Wish>) => void;
}

const lastStep = 3;

function CloneWizard({ template }: { readonly template: Template }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [step, setStep] = useState(0);
  const [wish, setWish] = useState<Wish>({
    flow: template.id.split('/').at(-1) ?? '',
    name: template.name,
    parameters: {},
    connections: { sandbox: {}, production: {} },
    deploy: false,
    sample: null,
  });
  const change = (changed: Partial<Wish>) => setWish({ ...wish, ...changed });
  const isNamed = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(wish.flow) && wish.name.trim() !== '';
  const plan = useQuery({
    queryKey: ['clone plan', template.id, wish],
    queryFn: () => call('post /templates/{id}/plan', { params: { id: template.id }, body: bodyOf(wish) }),
    enabled: step === lastStep,
    staleTime: 0,
  });
  const cloning = useMutation({
    mutationFn: () => call('post /templates/{id}/clone', { params: { id: template.id }, body: bodyOf(wish) }),
    onSuccess: async ({ flow, run }) => {
      notifyDone(t('clone.done', { name: wish.name }));
      await queryClient.invalidateQueries({ queryKey: ['flows'] });
      await (run === undefined
        ? navigate({ to: '/flows/$flowId', params: { flowId: flow } })
        : navigate({ to: '/runs/$runId', params: { runId: run } }));
    },
  });
  const refused = cloning.error instanceof ApiError ? cloning.error.problems : [];
  const props = { template, wish, change };
  const isReady = plan.data !== undefined && !plan.isFetching && !plan.data.problems.some(isError);
  return (
    <form
      className={classes.wizard}
      onSubmit={(event) => {
        event.preventDefault();
        if (step < lastStep) setStep(step + 1);
        else cloning.mutate();
      }}
    >
      <Stepper active={step} onStepClick={setStep} size="xs" allowNextStepsSelect={false}>
        <Stepper.Step label={t('clone.steps.name')}>
          <NameStep {...props} />
        </Stepper.Step>
        <Stepper.Step label={t('clone.steps.parameters')}>
          <ParametersStep {...props} />
        </Stepper.Step>
        <Stepper.Step label={t('clone.steps.connections')}>
          <ConnectionsStep {...props} />
        </Stepper.Step>
        <Stepper.Step label={t('clone.steps.trial')}>
          <TrialStep {...props} />
          <Plan problems={plan.data?.problems} error={plan.error} />
        </Stepper.Step>
      </Stepper>
      {cloning.error && (
        <Alert color="red" variant="light" mt={16} title={t('clone.refused')} role="alert">
          {refused.length === 0 ? cloning.error.message : <Problems problems={refused} />}
        </Alert>
      )}
      <Group justify="space-between" mt={28}>
        <Button variant="default" onClick={() => setStep(step - 1)} disabled={step === 0}>
          {t('clone.back')}
        </Button>
        <Button type="submit" loading={cloning.isPending} disabled={!isNamed || (step === lastStep && !isReady)}>
          {t(step < lastStep ? 'clone.next' : 'clone.confirm')}
        </Button>
      </Group>
    </form>
  );
}

function NameStep({ wish, change }: StepProps) {
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

function ParametersStep({ template: { offered }, wish, change }: StepProps) {
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

function ConnectionsStep({ template: { offered }, wish, change }: StepProps) {
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

function TrialStep({ template: { offered }, wish, change }: StepProps) {
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

function Plan({
  problems,
  error,
}: {
  readonly problems: readonly Problem[] | undefined;
  readonly error: Error | null;
}) {
  const { t } = useTranslation();
  if (error)
    return (
      <Alert color="red" variant="light" mt={16} role="alert">
        {error.message}
      </Alert>
    );
  if (!problems) return <p className={classes.stepLead}>{t('clone.planning')}</p>;
  const errors = problems.filter(isError);
  const others = problems.filter((problem) => !isError(problem));
  return (
    <section aria-label={t('clone.plan')}>
      {errors.length > 0 && (
        <Alert color="red" variant="light" mt={16} title={t('clone.planProblems')}>
          <Problems problems={errors} />
        </Alert>
      )}
      {others.length > 0 && (
        <Alert color="yellow" variant="light" mt={16} title={t('clone.planWarnings')}>
          <Problems problems={others} />
        </Alert>
      )}
      {errors.length === 0 && (
        <p className={classes.ready} role="status">
          <IconCircleCheck size={16} aria-hidden /> {t('clone.planReady')}
        </p>
      )}
    </section>
  );
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  return (
    <ul className={classes.problems}>
      {problems.map(({ pointer, message, hint }) => (
        <li key={pointer + message}>
          {message} {hint}
        </li>
      ))}
    </ul>
  );
}
