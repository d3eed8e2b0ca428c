import { Select, Textarea, TextInput } from '@mantine/core';
import { durationMs } from '@millrace/contract';
import type { FormContextType, WidgetProps } from '@rjsf/utils';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { flowsQuery, sessionQuery } from '../api/queries.ts';
import { useEnvironment } from '../app/environment.ts';
import { duration } from '../app/time.ts';
import classes from './form.module.css';

/** Widgets for texts of a certain format; each gives and takes the text. */

function common({ id, label, schema, required, placeholder, rawErrors, disabled }: WidgetProps) {
  return {
    id,
    label,
    description: schema.description,
    required: required ?? false,
    disabled: disabled ?? false,
    ...(placeholder && { placeholder }),
    ...(rawErrors && rawErrors.length > 0 && { error: rawErrors.join(' ') }),
  };
}

function textIn({ value }: WidgetProps): string {
  return typeof value === 'string' ? value : '';
}

/** When something comes: a cron or recurrence rule, with its next times. */
export function ScheduleWidget(props: WidgetProps) {
  const { t } = useTranslation();
  const text = textIn(props);
  const zone = useZone(props.registry.formContext);
  const told = useQuery({
    queryKey: ['schedule', text, zone],
    queryFn: async () => (await import('../editor/schedule-times.ts')).scheduleTimes(text, zone, new Date()),
    enabled: text.trim() !== '',
    placeholderData: (before) => before,
    staleTime: 0,
  }).data;
  return (
    <div>
      <TextInput
        {...common(props)}
        value={text}
        onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
        spellCheck={false}
      />
      {text !== '' && told && (
        <div className={classes.told} aria-live="polite">
          {'wrong' in told ? (
            told.wrong
          ) : (
            <>
              {t('form.nextTimes', { zone })}
              <ol className={classes.times}>
                {told.times.map((time) => (
                  <li key={time}>{time}</li>
                ))}
              </ol>
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** The zone that the same form names, or else the tenant's. */
function useZone(context: FormContextType): string {
  const session = useQuery(sessionQuery).data;
  const named: unknown = context.value?.timeZone;
  return typeof named === 'string' && !named.startsWith('{%') ? named : (session?.tenant.timeZone ?? 'UTC');
}

/** A duration, told in words beside. */
export function DurationWidget(props: WidgetProps) {
  const text = textIn(props);
  return (
    <TextInput
      {...common(props)}
      value={text}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      rightSection={<span className={classes.beside}>{durationInWords(text)}</span>}
      rightSectionWidth={110}
      spellCheck={false}
    />
  );
}

function durationInWords(text: string): string {
  try {
    return text === '' ? '' : duration(durationMs(text));
  } catch {
    return '';
  }
}

/** A secret, which may have several lines as a private key has. It is hidden while it is typed. */
export function SecretWidget(props: WidgetProps) {
  return (
    <Textarea
      {...common(props)}
      size="xs"
      classNames={{ input: classes.secret ?? '' }}
      value={textIn(props)}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      rows={1}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

const zones = Intl.supportedValuesOf('timeZone');

export function TimeZoneWidget(props: WidgetProps) {
  const text = textIn(props);
  const data = useMemo(() => (text === '' || zones.includes(text) ? zones : [text, ...zones]), [text]);
  return (
    <Select
      {...common(props)}
      data={data}
      value={text || null}
      onChange={(zone) => props.onChange(zone ?? undefined)}
      searchable
      clearable
      limit={50}
    />
  );
}

/** One of the tenant's flows. */
export function FlowWidget(props: WidgetProps) {
  const text = textIn(props);
  const flows = useQuery(flowsQuery(useEnvironment())).data ?? [];
  const options = flows.map(({ id, name }) => ({ value: id, label: name }));
  const isKnown = text === '' || options.some(({ value }) => value === text);
  return (
    <Select
      {...common(props)}
      data={isKnown ? options : [{ value: text, label: text }, ...options]}
      value={text || null}
      onChange={(id) => props.onChange(id ?? undefined)}
      searchable
    />
  );
}
