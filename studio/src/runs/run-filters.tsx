import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { flowsQuery } from '../api/queries.ts';
import { runStatuses } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { periods } from './filter.ts';
import type { RunFilter } from './queries.ts';
import classes from './runs-page.module.css';

interface RunFiltersProps {
  readonly filter: RunFilter;
  readonly change: (part: RunFilter) => void;
}

const all = '';

/** What of the runs is shown. */
export function RunFilters({ filter, change }: RunFiltersProps) {
  const { t } = useTranslation();
  const flows = useQuery(flowsQuery(useEnvironment())).data ?? [];
  return (
    <search className={classes.filters}>
      <TypedFilter
        label={t('runs.key')}
        placeholder={t('runs.keyHint')}
        value={filter.key}
        change={(key) => change({ key })}
        className={classes.key}
        icon
      />
      <Select
        aria-label={t('runs.flow')}
        w={190}
        data={[{ value: all, label: t('runs.allFlows') }, ...flows.map(({ id, name }) => ({ value: id, label: name }))]}
        value={filter.flow ?? all}
        onChange={(flow) => change({ flow: flow || undefined })}
      />
      <Select
        aria-label={t('runs.status')}
        w={130}
        data={[
          { value: all, label: t('runs.allStatuses') },
          ...runStatuses.map((status) => ({ value: status as string, label: t(`status.${status}`) })),
        ]}
        value={filter.status ?? all}
        onChange={(value) => change({ status: runStatuses.find((status) => status === value) })}
      />
      <Select
        aria-label={t('runs.within')}
        w={140}
        data={[
          { value: all, label: t('runs.periods.ever') },
          ...periods.map((period) => ({ value: period as string, label: t(`runs.periods.${period}`) })),
        ]}
        value={filter.within ?? all}
        onChange={(value) => change({ within: periods.find((period) => period === value) })}
      />
      <TypedFilter
        label={t('runs.code')}
        placeholder={t('runs.code')}
        value={filter.code}
        change={(code) => change({ code })}
        className={classes.code}
      />
    </search>
  );
}

interface TypedFilterProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly change: (value: string | undefined) => void;
  readonly className: string | undefined;
  readonly icon?: boolean;
}

const typingPauseMs = 250;

/** Takes effect when somebody stops typing. */
function TypedFilter({ label, placeholder, value = '', change, className = '', icon = false }: TypedFilterProps) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  // Cleared from outside, such as by “Clear filters”.
  if (told !== value) {
    setTold(value);
    setTyped(value);
  }
  const tell = useDebouncedCallback((text: string) => {
    setTold(text);
    change(text || undefined);
  }, typingPauseMs);
  return (
    <TextInput
      type="search"
      className={className}
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        tell(currentTarget.value.trim());
      }}
      leftSection={icon && <IconSearch size={14} aria-hidden />}
    />
  );
}
