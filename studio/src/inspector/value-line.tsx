import { useDebouncedValue } from '@mantine/hooks';
import { type Json, writeJson } from '@millrace/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { Evaluation } from '../api/types.ts';
import classes from './form.module.css';
import type { NodeSample } from './use-node-sample.ts';

const pauseMs = 250;
const longestShown = 160;

/** What an expression yields on the sample, told anew when the typing pauses. */
export function ValueLine({ text, sample }: { readonly text: string; readonly sample: NodeSample }) {
  const { t } = useTranslation();
  const [settled] = useDebouncedValue(text, pauseMs);
  const { data } = useQuery({
    queryKey: ['evaluate', settled, sample],
    queryFn: () => call('post /evaluate', { body: { expression: settled, ...sample } }) as Promise<Evaluation>,
    enabled: settled.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    retry: false,
  });
  if (!data || text.trim() === '') return null;
  // What is wrong is told beside the field already.
  const value = data.error ? undefined : data.result;
  return (
    <div className={classes.value} role="status">
      <span className={classes.valueName}>{t('form.onSample')}</span>
      <code>{data.error ? '–' : value === undefined ? t('form.noValue') : shortened(value)}</code>
    </div>
  );
}

function shortened(value: Json): string {
  const text = writeJson(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
