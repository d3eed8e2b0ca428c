import { Button, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { duration } from '../app/time.ts';
import type { BulkUnderWay } from './bulk-under-way.ts';
import classes from './dead-letters-page.module.css';

/** Of more runs only so many are drawn. */
const drawn = 600;

interface BulkCardProps {
  readonly bulk: BulkUnderWay;
  readonly stop: () => void;
  readonly close: () => void;
}

/** How far a retry of many is, how fast it goes, and how the retried runs fare. */
export function BulkCard({ bulk: { kind, progress, fates }, stop, close }: BulkCardProps) {
  const { t } = useTranslation();
  const { done, total, rate, leftMs, state, error } = progress;
  const running = state === 'running';
  const all = [...fates.values()];
  const count = (...wanted: string[]) => all.filter((fate) => wanted.includes(fate)).length;
  return (
    <section className={classes.bulk} aria-label={t('deadLetters.progress')}>
      <div className={classes.bulkHead}>
        <strong>
          {running
            ? t(kind === 'retry' ? 'deadLetters.retrying' : 'deadLetters.discarding')
            : state === 'failed'
              ? t('deadLetters.bulkFailed', { message: error?.message ?? '' })
              : t(`deadLetters.${state}`)}
        </strong>
        <span className={`numbers ${classes.bulkFacts}`} role="status">
          {t('deadLetters.done', { done, total })}
          {rate > 0 && ` · ${t('deadLetters.rate', { rate: rate < 10 ? rate.toFixed(1) : Math.round(rate) })}`}
          {leftMs !== undefined && ` · ${t('deadLetters.left', { time: duration(leftMs) })}`}
        </span>
        <Button variant="default" onClick={running ? stop : close}>
          {t(running ? 'deadLetters.stop' : 'deadLetters.close')}
        </Button>
      </div>
      <Progress
        value={total === 0 ? 100 : (done / total) * 100}
        size={6}
        aria-label={t('deadLetters.progress')}
        color={state === 'failed' ? 'red' : 'teal'}
      />
      {all.length > 0 && (
        <>
          <div className={classes.fates} role="img" aria-label={t('deadLetters.seen')}>
            {[...fates].slice(0, drawn).map(([run, fate]) => (
              <span key={run} data-fate={fate} />
            ))}
          </div>
          <p className={`numbers ${classes.bulkFacts}`} role="status">
            {t('deadLetters.outcome', {
              succeeded: count('succeeded'),
              open: count('running', 'waiting'),
              failed: count('failed', 'cancelled'),
            })}
          </p>
        </>
      )}
    </section>
  );
}
