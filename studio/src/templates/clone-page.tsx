import { Alert, Button, Group, Skeleton, Stepper } from '@mantine/core';
import { isError } from '@millrace/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { ErrorState } from '../app/error-state.tsx';
import { notifyDone } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { ClonePlan, ProblemList } from './clone-plan.tsx';
import { ConnectionsStep, NameStep, ParametersStep, TrialStep, type Wish } from './clone-steps.tsx';
import { type Template, templateQuery } from './queries.ts';
import classes from './templates.module.css';

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

function bodyOf({ flow, name, parameters, connections, deploy, sample }: Wish) {
  return { flow, name, parameters, connections, deploy, ...(sample !== null && { trial: { sample } }) };
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
          <ClonePlan problems={plan.data?.problems} error={plan.error} />
        </Stepper.Step>
      </Stepper>
      {cloning.error && (
        <Alert color="red" variant="light" mt={16} title={t('clone.refused')} role="alert">
          {refused.length === 0 ? cloning.error.message : <ProblemList problems={refused} />}
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
