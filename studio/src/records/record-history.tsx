import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { When } from '../app/when.tsx';
import { differencesOf } from '../parts/difference.ts';
import { DifferenceTable } from '../parts/difference-table.tsx';
import panelClasses from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { writerOf } from './lifecycle.ts';
import type { RecordDetail } from './queries.ts';
import classes from './record-history.module.css';

type Version = RecordDetail['history'][number];

/** Every version of a record, newest first, each with what it changed. */
export function RecordHistory({ record: { history } }: { readonly record: RecordDetail }) {
  const { t } = useTranslation();
  const versions = history.map((version, index) => ({ version, before: history[index - 1], number: index + 1 }));
  return (
    <Panel title={t('records.history')} text={t('records.historyText')}>
      <ol className={classes.versions} reversed>
        {versions.toReversed().map(({ version, before, number }) => (
          <li key={number} className={classes.version}>
            <div className={classes.head}>
              <strong>
                <Move version={version} isFirst={before === undefined} />
              </strong>
              <Writer who={version.who} />
              {version.why !== null && <span>{version.why}</span>}
              <span className={classes.when}>
                <When at={version.at} />
              </span>
            </div>
            {before !== undefined && (
              <DifferenceTable
                title={t('records.changes')}
                left={t('records.before')}
                right={t('records.after')}
                list={differencesOf(before.data, version.data)}
              />
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** A version in a few words. */
function Move({ version: { from, to }, isFirst }: { readonly version: Version; readonly isFirst: boolean }) {
  const { t } = useTranslation();
  if (from !== to && from !== null) return t('records.moved', { from, to: to ?? '—' });
  return isFirst ? t('records.cameIn') : t('records.stayed');
}

/** Who wrote a version: a step of a run, or whoever else. */
function Writer({ who }: { readonly who: string }) {
  const { t } = useTranslation();
  const writer = writerOf(who);
  if (!writer)
    return (
      <span className={panelClasses.quiet}>
        {t('records.by')} {who}
      </span>
    );
  return (
    <span className={panelClasses.quiet}>
      <Link to="/runs/$runId" params={{ runId: writer.run }} className={panelClasses.link}>
        {t('records.run')} {writer.run.slice(-6)}
      </Link>{' '}
      {t('records.step', { step: writer.step })}
    </span>
  );
}
