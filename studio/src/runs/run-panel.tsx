import { Tooltip } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunDetail, TimelineEntry } from '../api/types.ts';
import { clockTime, exactTime, withLocalTimes } from '../app/time.ts';
import type { Catalog } from '../canvas/drawing.ts';
import { PayloadView } from '../payload/payload-view.tsx';
import { ErrorBox } from './error-box.tsx';
import classes from './run-page.module.css';
import { WaitCard } from './wait-card.tsx';

interface RunPanelProps {
  readonly run: RunDetail;
  readonly catalog: Catalog;
  readonly select: (node: string) => void;
}

/** The run as a whole: what went wrong, what it waits for, what happened. */
export function RunPanel({ run, select }: RunPanelProps) {
  const { t } = useTranslation();
  const nodeOf = (key: string | null) =>
    key === run.trigger.node ? key : run.steps.find((step) => step.key === key)?.node;
  const open = run.waits.filter(({ state }) => state === 'open');
  return (
    <div className={classes.scroll}>
      {run.error && <ErrorBox error={run.error} />}
      {open.map((wait) => (
        <WaitCard key={wait.id} wait={wait} />
      ))}
      <Section title={t('run.timeline')}>
        <ol className={classes.timeline} aria-live="polite">
          {run.timeline.map((entry) => (
            <Entry
              key={`${entry.at} ${entry.step} ${entry.text}`}
              entry={entry}
              node={nodeOf(entry.step)}
              failed={entry.kind === 'end' && run.status === 'failed'}
              select={select}
            />
          ))}
        </ol>
      </Section>
      {run.finishedAt !== null && run.output !== null && (
        <PayloadView title={t('run.output')} value={run.output} run={run.id} />
      )}
      <PayloadView title={t('run.payload')} value={run.trigger.payload} run={run.id} />
    </div>
  );
}

interface EntryProps {
  readonly entry: TimelineEntry;
  readonly node: string | undefined;
  /** Whether this is how the run ended, badly. */
  readonly failed: boolean;
  readonly select: (node: string) => void;
}

function Entry({ entry, node, failed, select }: EntryProps) {
  const at = new Date(entry.at);
  const text = withLocalTimes(entry.text);
  return (
    <li className={classes.entry} data-kind={failed ? 'failure' : entry.kind}>
      {node === undefined ? (
        <span className={classes.entryText}>{text}</span>
      ) : (
        <button type="button" className={classes.entryStep} onClick={() => select(node)}>
          {text}
        </button>
      )}
      <Tooltip label={exactTime(at)}>
        <time dateTime={entry.at} className="numbers">
          {clockTime(at)}
        </time>
      </Tooltip>
    </li>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h2 id={id} className={classes.sectionTitle}>
        {title}
      </h2>
      {children}
    </section>
  );
}
