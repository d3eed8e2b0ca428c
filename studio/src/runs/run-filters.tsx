import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { flowsQuery } from '../api/queries.ts';
import { runStatuses } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { TypedFilter } from '../parts/typed-filter.tsx';
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
