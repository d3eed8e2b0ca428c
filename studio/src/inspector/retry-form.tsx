import { NumberInput, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import type { FlowNode } from '@millrace/flow';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { changeNode } from '../editor/edits.ts';
import { useEditing } from '../flows/editing.ts';
import classes from './inspector.module.css';

type Retry = NonNullable<FlowNode['retry']>;

/** When a failed step is tried again. */
export function RetryForm({ id, retry }: { readonly id: string; readonly retry: FlowNode['retry'] }) {
  const { t } = useTranslation();
  const { editor } = useEditing();
  const heading = useId();
  const set = (next: Retry | undefined) => editor.edit(changeNode(id, { retry: next }), `retry:${id}`);
  return (
    <section className={classes.section} aria-labelledby={heading}>
      <h3 id={heading} className={classes.sectionTitle}>
        {t('inspector.retry.title')}
      </h3>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-labelledby={heading}
        value={retry === undefined ? 'standard' : 'custom'}
        onChange={(value) => set(value === 'custom' ? { attempts: 5 } : undefined)}
        data={[
          { value: 'standard', label: t('inspector.retry.standard') },
          { value: 'custom', label: t('inspector.retry.custom') },
        ]}
      />
      {retry === undefined ? (
        <p className={classes.hint}>{t('inspector.retry.standardHint')}</p>
      ) : (
        <RetryFields retry={retry} set={set} />
      )}
    </section>
  );
}

function RetryFields({ retry, set }: { readonly retry: Retry; readonly set: (next: Retry) => void }) {
  const { t } = useTranslation();
  const change = (part: { [K in keyof Retry]: Retry[K] | undefined }) =>
    set(Object.fromEntries(Object.entries({ ...retry, ...part }).filter(([, value]) => value !== undefined)));
  return (
    <div className={classes.retry}>
      <TagsInput
        size="xs"
        label={t('inspector.retry.schedule')}
        description={t('inspector.retry.scheduleHint')}
        value={retry.schedule ?? []}
        onChange={(schedule) => change({ schedule: schedule.length === 0 ? undefined : schedule })}
        allowDuplicates
        splitChars={[',', ' ']}
      />
      <div className={classes.row}>
        <NumberInput
          size="xs"
          label={t('inspector.retry.attempts')}
          min={1}
          max={1000}
          allowDecimal={false}
          value={retry.attempts ?? ''}
          onChange={(attempts) => change({ attempts: typeof attempts === 'number' ? attempts : undefined })}
        />
        <TextInput
          size="xs"
          label={t('inspector.retry.until')}
          placeholder={t('inspector.retry.example', { example: '24h' })}
          value={retry.until ?? ''}
          onChange={(event) => change({ until: event.currentTarget.value || undefined })}
        />
        <TextInput
          size="xs"
          label={t('inspector.retry.alertAfter')}
          placeholder={t('inspector.retry.example', { example: '1h' })}
          value={retry.alertAfter ?? ''}
          onChange={(event) => change({ alertAfter: event.currentTarget.value || undefined })}
        />
      </div>
    </div>
  );
}
