import { Alert, Button, Group, Modal, MultiSelect, Select, Skeleton, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../api/client.ts';
import { catalogueQuery, connectionsQuery, flowsQuery } from '../api/queries.ts';
import type { Json } from '../api/types.ts';
import { NoteField } from '../versions/note-dialog.tsx';
import { bundleQuery } from '../versions/queries.ts';
import classes from './promotions.module.css';
import { keepPromotion } from './queries.ts';

const SchemaForm = lazy(() =>
  import('../inspector/schema-form.tsx').then((module) => ({ default: module.SchemaForm })),
);

interface PlanDialogProps {
  /** The flow that is to be moved; asked for where it is left out. */
  readonly flow?: string;
  /** Flows that go with it, where a former plan has found them. */
  readonly others?: readonly string[];
  /** Code tables that go with it, likewise. */
  readonly tables?: readonly string[];
  readonly close: () => void;
}

/** What one flow is to have in production; what is not said stays as production has it. */
interface Settings {
  readonly parameters?: Record<string, Json>;
  readonly connections?: Record<string, string>;
}

const none: readonly string[] = [];

/** Plans what goes from the sandbox to production, and opens the plan. */
export function PlanDialog({ flow: given, others = none, tables = none, close }: PlanDialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [flow, setFlow] = useState(given ?? null);
  const [settings, setSettings] = useState<Record<string, Settings>>({});
  const [keep, setKeep] = useState<string[]>([]);
  const [note, setNote] = useState('');
  const planning = useMutation({
    mutationFn: () =>
      call('post /promotions', {
        body: { flow: flow ?? '', settings, keep, ...(note.trim() !== '' && { note: note.trim() }) },
      }),
    onSuccess: async (promotion) => {
      close();
      await keepPromotion(promotion);
      await navigate({ to: '/promotions/$promotionId', params: { promotionId: promotion.id } });
    },
  });
  const flows = flow === null ? [] : [flow, ...others.filter((other) => other !== flow)];
  return (
    <Modal opened onClose={close} size={560} title={t('plan.title')}>
      <Text size="sm" c="var(--ink-2)">
        {t('plan.lead')}
      </Text>
      {given === undefined && <FlowSelect value={flow} choose={setFlow} />}
      {flows.map((one) => (
        <FlowSettings
          key={one}
          flow={one}
          value={settings[one] ?? {}}
          change={(changed) => setSettings({ ...settings, [one]: changed })}
        />
      ))}
      {tables.length > 0 && (
        <MultiSelect
          mt={16}
          label={t('plan.keep')}
          description={t('plan.keepHint')}
          data={[...tables]}
          value={keep}
          onChange={setKeep}
        />
      )}
      <NoteField value={note} change={setNote} />
      {planning.error && <Refusal error={planning.error} />}
      <Group justify="flex-end" mt={24} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button onClick={() => planning.mutate()} loading={planning.isPending} disabled={flow === null}>
          {t('plan.confirm')}
        </Button>
      </Group>
    </Modal>
  );
}

function Refusal({ error }: { readonly error: Error }) {
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <Alert color="red" variant="light" mt={16} role="alert">
      {error.message}
      {problems.length > 0 && (
        <ul className={classes.problems}>
          {problems.map(({ pointer, message }) => (
            <li key={pointer + message}>{message}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

function FlowSelect({ value, choose }: { readonly value: string | null; readonly choose: (flow: string) => void }) {
  const { t } = useTranslation();
  const flows = useQuery(flowsQuery('sandbox'));
  const serving = (flows.data ?? []).filter(({ deployed }) => deployed !== null);
  return (
    <Select
      mt={16}
      label={t('plan.flow')}
      placeholder={t(flows.data && serving.length === 0 ? 'plan.none' : 'plan.choose')}
      data={serving.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={(id) => id !== null && choose(id)}
      searchable
      data-autofocus
    />
  );
}

interface FlowSettingsProps {
  readonly flow: string;
  readonly value: Settings;
  readonly change: (value: Settings) => void;
}

const nothing: readonly [] = [];

function FlowSettings({ flow, value, change }: FlowSettingsProps) {
  const { t } = useTranslation();
  const bundle = useQuery(bundleQuery(flow, 'sandbox'));
  const types = useQuery(catalogueQuery).data?.connections ?? [];
  const connections = useQuery(connectionsQuery('production')).data ?? [];
  if (bundle.isPending) return <Skeleton height={50} mt={16} />;
  const { connections: slots = {}, parameters = {} } = bundle.data?.flow ?? {};
  const hasParameters = Object.keys((parameters.properties as object | undefined) ?? {}).length > 0;
  if (Object.keys(slots).length === 0 && !hasParameters) return null;
  return (
    <fieldset className={classes.settings}>
      <legend className={classes.legend}>{t('plan.settingsOf', { flow: bundle.data?.flow.name ?? flow })}</legend>
      {Object.entries(slots).map(([slot, { type }]) => {
        const fitting = connections.filter((known) => known.type === type);
        const title = types.find(({ id }) => id === type)?.title ?? type;
        return (
          <Select
            key={slot}
            label={slot}
            description={title}
            placeholder={fitting.length === 0 ? t('plan.noConnection', { type: title }) : t('plan.kept')}
            disabled={fitting.length === 0}
            data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
            value={value.connections?.[slot] ?? null}
            onChange={(id) => id !== null && change({ ...value, connections: { ...value.connections, [slot]: id } })}
          />
        );
      })}
      {hasParameters && (
        <Suspense fallback={<Skeleton height={50} />}>
          <SchemaForm
            id={`plan-${flow}`}
            schema={parameters}
            value={value.parameters ?? {}}
            onChange={(next) => change({ ...value, parameters: next as Record<string, Json> })}
            problems={nothing}
          />
        </Suspense>
      )}
    </fieldset>
  );
}
