import { Alert, Button, Group, Modal, Select, Skeleton, Text } from '@mantine/core';
import { isError } from '@millrace/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../api/client.ts';
import { connectionsQuery } from '../api/queries.ts';
import type { Catalogue, ConnectionDescription, FlowDetail, FlowDocument, Json, Problem } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { notifyDone, notifyWarned } from '../app/notify.ts';
import { shortVersion } from '../app/version.ts';
import { NoteField } from '../versions/note-dialog.tsx';
import { promotionRulesQuery, refreshFlow } from '../versions/queries.ts';
import classes from './flow-page.module.css';
import { placeInWords } from './place-in-words.ts';

const SchemaForm = lazy(() =>
  import('../inspector/schema-form.tsx').then((module) => ({ default: module.SchemaForm })),
);

interface DeployDialogProps {
  readonly flow: FlowDocument;
  readonly catalogue: Catalogue;
  /** What serves in the environment now. */
  readonly deployed: FlowDetail['deployed'];
  /** Problems known before anything is sent. */
  readonly problems: readonly Problem[];
  /** Number of the version that is to serve; without it the draft becomes one. */
  readonly version?: number;
  /** Saves edits of the draft that are not saved yet; resolves to whether all is saved. */
  readonly save?: (() => Promise<boolean>) | undefined;
  readonly close: () => void;
}

/** Says what deploying does, asks for the connections, and shows why where it is refused. */
export function DeployDialog({ flow, catalogue, deployed, problems, version, save, close }: DeployDialogProps) {
  const errors = problems.filter(isError);
  const { t } = useTranslation();
  const environment = useEnvironment();
  const catalog = useMemo(() => new Map(catalogue.nodes.map((type) => [type.id, type])), [catalogue]);
  const isByPromotion = useQuery(promotionRulesQuery).data?.required === true && environment === 'production';
  const [note, setNote] = useState('');
  const [bound, setBound] = useState<Record<string, string>>({});
  const [parameters, setParameters] = useState<Record<string, Json>>({});
  const deploying = useMutation({
    mutationFn: async () => {
      if (save && !(await save())) return undefined;
      const told = {
        ...(version !== undefined && { version: String(version) }),
        ...(note.trim() && { note: note.trim() }),
      };
      const body = { environment, ...told, ...optional({ connections: bound, parameters }) };
      return call('post /flows/{id}/deploy', { params: { id: flow.id }, body });
    },
    onSuccess: async (done) => {
      if (done) notifyDone(t('deploy.done', { version: shortVersion(done.version) }));
      for (const { code, message } of done?.warnings ?? [])
        if (code === 'CONNECTION_INACTIVE') notifyWarned(t('deploy.inactive'), message);
      close();
      await refreshFlow(flow.id);
    },
  });
  const refusal = deploying.error;
  const shown = refusal instanceof ApiError && refusal.problems.length > 0 ? refusal.problems : errors;
  return (
    <Modal opened onClose={close} size={520} title={t('deploy.title', { environment })}>
      <Text size="sm" c="var(--ink-2)">
        {version === undefined ? t('deploy.lead') : t('deploy.leadVersion', { version })}
      </Text>
      <p className={classes.dialogFact}>
        {deployed ? t('deploy.current', { version: shortVersion(deployed.version) }) : t('deploy.first')}
        {save && ` ${t('deploy.unsaved')}`}
      </p>
      {isByPromotion && (
        <Alert color="yellow" variant="light" mt={16} title={t('deploy.byPromotion')}>
          {t('deploy.byPromotionHint')}
        </Alert>
      )}
      <Slots
        flow={flow}
        connectionTypes={catalogue.connections}
        deployed={deployed !== null}
        bound={bound}
        bind={(slot, connection) => setBound({ ...bound, [slot]: connection })}
      />
      <Parameters flow={flow} value={parameters} change={(next) => setParameters(next as Record<string, Json>)} />
      <NoteField value={note} change={setNote} />
      <RecordWarnings problems={problems} />
      {(refusal || shown.length > 0) && (
        <Alert color="red" variant="light" mt={16} title={t('deploy.refused')} role="alert">
          {refusal && shown.length === 0 && refusal.message}
          <ul className={classes.refusals}>
            {shown.map((problem) => (
              <li key={problem.pointer + problem.message}>
                <span className={classes.refusalPlace}>{placeInWords(problem, flow, catalog)}</span> {problem.message}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <Group justify="flex-end" mt={24} gap={8}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          onClick={() => deploying.mutate()}
          loading={deploying.isPending}
          disabled={errors.length > 0 || isByPromotion}
          data-autofocus
        >
          {t('deploy.confirm')}
        </Button>
      </Group>
    </Modal>
  );
}

/** What deploying does to the records of other flows. */
function RecordWarnings({ problems }: { readonly problems: readonly Problem[] }) {
  const { t } = useTranslation();
  const warnings = problems.filter((problem) => !isError(problem) && problem.pointer.startsWith('/records/'));
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" mt={16} title={t('deploy.warnings')}>
      <ul className={classes.refusals}>
        {warnings.map(({ pointer, message, hint }) => (
          <li key={pointer}>
            {message} {hint}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** Leaves out what the deployer did not touch, so that it stays as it was deployed before. */
function optional<Parts extends Readonly<Record<string, object>>>(parts: Parts): Partial<Parts> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)) as Partial<Parts>;
}

interface ParametersProps {
  readonly flow: FlowDocument;
  readonly value: Readonly<Record<string, Json>>;
  readonly change: (value: Record<string, unknown>) => void;
}

const nothing: readonly [] = [];

function Parameters({ flow: { parameters }, value, change }: ParametersProps) {
  if (Object.keys(parameters?.properties ?? {}).length === 0) return null;
  return (
    <div className={classes.slots}>
      <Suspense fallback={<Skeleton height={50} />}>
        <SchemaForm id="parameters" schema={parameters ?? {}} value={value} onChange={change} problems={nothing} />
      </Suspense>
    </div>
  );
}

interface SlotsProps {
  readonly flow: FlowDocument;
  readonly connectionTypes: readonly ConnectionDescription[];
  readonly deployed: boolean;
  readonly bound: Readonly<Record<string, string>>;
  readonly bind: (slot: string, connection: string) => void;
}

function Slots({ flow, connectionTypes, deployed, bound, bind }: SlotsProps) {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const connections = useQuery(connectionsQuery(environment));
  const slots = Object.entries(flow.connections ?? {});
  if (slots.length === 0) return null;
  return (
    <div className={classes.slots}>
      {slots.map(([slot, { type }]) => {
        const fitting = (connections.data ?? []).filter((known) => known.type === type);
        const known = connectionTypes.find(({ id }) => id === type);
        return (
          <Select
            key={slot}
            label={slot}
            description={known?.title ?? type}
            placeholder={
              known?.hasDefault
                ? t('deploy.slotDefault')
                : fitting.length > 0
                  ? t(deployed ? 'deploy.slotKept' : 'deploy.slotChoose')
                  : t('deploy.slotNone', { type: known?.title ?? type })
            }
            data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
            disabled={fitting.length === 0}
            value={bound[slot] ?? null}
            onChange={(id) => id !== null && bind(slot, id)}
          />
        );
      })}
    </div>
  );
}
