import { ActionIcon, Button } from '@mantine/core';
import { IconArrowLeft, IconPlayerTrackNext } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunDetail, Step } from '../api/types.ts';
import { StatusBadge } from '../app/status.tsx';
import { exactTime } from '../app/time.ts';
import { useMay } from '../app/use-may.ts';
import { Took, When } from '../app/when.tsx';
import { type Catalog, titleOf } from '../canvas/drawing.ts';
import { PayloadView } from '../payload/payload-view.tsx';
import { ErrorBox } from './error-box.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { replayable } from './replayable.ts';
import classes from './run-page.module.css';
import { waitOf } from './trace.ts';
import { WaitCard } from './wait-card.tsx';

interface StepPanelProps {
  readonly node: string;
  /** Nothing where the run did not come to this node. */
  readonly step: Step | undefined;
  readonly run: RunDetail;
  readonly catalog: Catalog;
  readonly back: () => void;
}

/** One step of the run: attempts, times, what went in and what came out. */
export function StepPanel({ node, step, run, catalog, back }: StepPanelProps) {
  const { t } = useTranslation();
  const type = run.document.nodes[node]?.type ?? '';
  const isTrigger = node === run.trigger.node;
  const wait = step && waitOf(step, run.waits);
  return (
    <div className={classes.scroll}>
      <header className={classes.stepHead}>
        <ActionIcon aria-label={t('run.backToRun')} onClick={back}>
          <IconArrowLeft size={17} />
        </ActionIcon>
        <div className={classes.stepTitle}>
          <h2>{titleOf(node, run.document, catalog)}</h2>
          <div>{catalog.get(type)?.title ?? type}</div>
        </div>
        {step ? <StatusBadge status={step.status} /> : isTrigger && <StatusBadge status="done" />}
      </header>
      {isTrigger && <TriggerFacts run={run} />}
      {!step && !isTrigger && <p className={classes.quiet}>{t('run.notReached')}</p>}
      {step && (
        <>
          {step.error && <ErrorBox error={step.error} />}
          {wait && <WaitCard wait={wait} />}
          <StepFacts step={step} />
          <ReplayButton run={run} catalog={catalog} step={step} />
          <PayloadView title={t('run.input')} value={step.input} run={run.id} />
          {step.finishedAt !== null && <PayloadView title={t('run.stepOutput')} value={step.output} run={run.id} />}
        </>
      )}
    </div>
  );
}

interface ReplayButtonProps extends Pick<StepPanelProps, 'run' | 'catalog'> {
  readonly step: Step;
}

/** Offered where the run can be run again from this step. */
function ReplayButton({ run, catalog, step: { key } }: ReplayButtonProps) {
  const { t } = useTranslation();
  const may = useMay();
  const [asked, setAsked] = useState(false);
  if (!may('runs.replay') || !replayable(run).some((step) => step.key === key)) return null;
  return (
    <div>
      <Button variant="default" leftSection={<IconPlayerTrackNext size={15} />} onClick={() => setAsked(true)}>
        {t('replay.fromHere')}
      </Button>
      {asked && <ReplayDialog run={run} catalog={catalog} from={key} close={() => setAsked(false)} />}
    </div>
  );
}

/** What set the run off. */
function TriggerFacts({ run: { id, trigger, startedAt } }: { readonly run: RunDetail }) {
  const { t } = useTranslation();
  return (
    <>
      <dl className={classes.pairs}>
        <dt>{t('run.receivedAt')}</dt>
        <dd className="numbers">{exactTime(new Date(startedAt))}</dd>
        <dt>{t('run.by')}</dt>
        <dd>{trigger.source}</dd>
      </dl>
      <PayloadView title={t('run.payload')} value={trigger.payload} run={id} />
      <PayloadView title={t('run.meta')} value={trigger.meta} run={id} />
    </>
  );
}

function StepFacts({ step }: { readonly step: Step }) {
  const { t } = useTranslation();
  return (
    <dl className={classes.pairs}>
      <dt>{t('run.startedAt')}</dt>
      <dd className="numbers">{exactTime(new Date(step.startedAt))}</dd>
      <dt>{t(step.finishedAt === null ? 'run.since' : 'run.took')}</dt>
      <dd>
        <Took from={step.startedAt} to={step.finishedAt} />
      </dd>
      <dt>{t('run.attempts')}</dt>
      <dd className="numbers">{step.attempts}</dd>
      {step.nextRetryAt !== null && (
        <>
          <dt>{t('run.nextRetry')}</dt>
          <dd>
            <When at={step.nextRetryAt} />
          </dd>
        </>
      )}
      {step.port !== null && (
        <>
          <dt>{t('run.port')}</dt>
          <dd>{step.port}</dd>
        </>
      )}
    </dl>
  );
}
