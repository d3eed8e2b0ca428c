import { ActionIcon } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunDetail, Step } from '../api/types.ts';
import { StatusBadge } from '../app/status.tsx';
import { exactTime } from '../app/time.ts';
import { Took, When } from '../app/when.tsx';
import { type Catalog, titleOf } from '../canvas/drawing.ts';
import { ErrorBox } from './error-box.tsx';
import classes from './run-page.module.css';
import { JsonSection } from './run-panel.tsx';
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
          <JsonSection title={t('run.input')} value={step.input} />
          {step.finishedAt !== null && <JsonSection title={t('run.stepOutput')} value={step.output} />}
        </>
      )}
    </div>
  );
}

/** What set the run off. */
function TriggerFacts({ run: { trigger, startedAt } }: { readonly run: RunDetail }) {
  const { t } = useTranslation();
  return (
    <>
      <dl className={classes.pairs}>
        <dt>{t('run.receivedAt')}</dt>
        <dd className="numbers">{exactTime(new Date(startedAt))}</dd>
        <dt>{t('run.by')}</dt>
        <dd>{trigger.source}</dd>
      </dl>
      <JsonSection title={t('run.payload')} value={trigger.payload} />
      <JsonSection title={t('run.meta')} value={trigger.meta} />
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
