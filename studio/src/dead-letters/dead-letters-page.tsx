import { Button, Checkbox, SegmentedControl, Select, UnstyledButton } from '@mantine/core';
import { IconCircleCheck, IconFilterOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { type EndlessColumn, EndlessSkeleton, EndlessTable } from '../endless/endless-table.tsx';
import { useEndless } from '../endless/use-endless.ts';
import { BulkCard } from './bulk-card.tsx';
import { type Choice, closeBulk, startBulk, stopBulk, useBulkUnderWay } from './bulk-under-way.ts';
import classes from './dead-letters-page.module.css';
import { DiscardDialog } from './discard-dialog.tsx';
import { countOf, type DeadLetterFilter, deadLetterStates } from './filter.ts';
import { type DeadLetterRow, deadLetterGroupsQuery, deadLetterPage } from './queries.ts';

type Groups = readonly {
  readonly flowId: string;
  readonly flowName: string;
  readonly code: string;
  readonly category: string;
  readonly count: number;
  readonly message: string;
}[];

const nobody: ReadonlySet<string> = new Set();

export function DeadLettersPage() {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const filter = useSearch({ from: '/dead-letters' });
  const navigate = useNavigate({ from: '/dead-letters' });
  const { state = 'open' } = filter;
  const groups: Groups = useQuery(deadLetterGroupsQuery(environment)).data ?? [];
  const list = useEndless<DeadLetterRow>({
    key: ['dead-letters', environment, filter],
    page: (before) => deadLetterPage(filter, environment, before),
  });
  const [selected, setSelected] = useState(nobody);
  const bulk = useBulkUnderWay();
  const rows = list.rows ?? [];
  const chosen = rows.filter(({ id }) => selected.has(id)).map(({ id }) => id);
  const look = (next: DeadLetterFilter) => {
    setSelected(nobody);
    void navigate({ search: onlySaid(next), replace: true });
  };
  const begin = (kind: 'retry' | 'discard', choice: Choice, note?: string) => {
    setSelected(nobody);
    void startBulk({ kind, choice, environment, note });
  };
  const columns = useColumns(rows, selected, setSelected, state === 'open');
  return (
    <Page title={t('deadLetters.title')} lead={t('deadLetters.lead')} help="operating">
      {state === 'open' && groups.length > 0 && <GroupList groups={groups} filter={filter} look={look} />}
      <div className={classes.tools}>
        <Filters groups={groups} filter={filter} look={look} />
        {state === 'open' && rows.length > 0 && (
          <Actions
            chosen={chosen}
            fitting={countOf(groups, filter)}
            filter={filter}
            isBusy={bulk?.progress.state === 'running'}
            begin={begin}
          />
        )}
      </div>
      {bulk && <BulkCard bulk={bulk} stop={stopBulk} close={closeBulk} />}
      {list.error && <ErrorState error={list.error} retry={list.again} />}
      {!list.rows && !list.error && <EndlessSkeleton />}
      {rows.length > 0 && <EndlessTable label={t('deadLetters.title')} list={list} columns={columns} />}
      {list.rows?.length === 0 && <Nothing filter={filter} clear={() => look({})} />}
    </Page>
  );
}

interface FilterProps {
  readonly groups: Groups;
  readonly filter: DeadLetterFilter;
  readonly look: (filter: DeadLetterFilter) => void;
}

const shownGroups = 6;

/** What went wrong most: one click shows only these. */
function GroupList({ groups, filter, look }: FilterProps) {
  const { t } = useTranslation();
  const isOn = (group: Groups[number]) => filter.flow === group.flowId && filter.code === group.code;
  return (
    <section className={classes.groups} aria-label={t('deadLetters.groups')}>
      {groups.slice(0, shownGroups).map((group) => (
        <UnstyledButton
          key={`${group.flowId} ${group.category} ${group.code}`}
          className={classes.group}
          aria-pressed={isOn(group)}
          onClick={() => look(isOn(group) ? {} : { flow: group.flowId, code: group.code })}
        >
          <span className={`numbers ${classes.groupCount}`}>{group.count}</span>
          <span className={classes.groupText}>
            <span className={classes.groupCode}>{group.code}</span>
            <span className={classes.second}>{group.flowName}</span>
            <span className={classes.groupMessage}>{group.message}</span>
          </span>
        </UnstyledButton>
      ))}
    </section>
  );
}

const all = '';

function Filters({ groups, filter, look }: FilterProps) {
  const { t } = useTranslation();
  const distinct = (entries: readonly (readonly [string, string])[]) =>
    [...new Map(entries)].map(([value, label]) => ({ value, label }));
  const choices = (kept: string | undefined, entries: readonly (readonly [string, string])[]) =>
    distinct([...(kept === undefined ? [] : [[kept, kept] as const]), ...entries]);
  return (
    <search className={classes.filters}>
      <SegmentedControl
        size="xs"
        aria-label={t('deadLetters.state')}
        data={deadLetterStates.map((value) => ({ value, label: t(`deadLetters.states.${value}`) }))}
        value={filter.state ?? 'open'}
        onChange={(value) => look({ ...filter, state: deadLetterStates.find((known) => known === value) })}
      />
      <Select
        aria-label={t('deadLetters.flow')}
        w={180}
        data={[
          { value: all, label: t('deadLetters.allFlows') },
          ...choices(
            filter.flow,
            groups.map(({ flowId, flowName }) => [flowId, flowName]),
          ),
        ]}
        value={filter.flow ?? all}
        onChange={(flow) => look({ ...filter, flow: flow || undefined })}
      />
      <Select
        aria-label={t('deadLetters.code')}
        w={180}
        data={[
          { value: all, label: t('deadLetters.allCodes') },
          ...choices(
            filter.code,
            groups.map(({ code }) => [code, code]),
          ),
        ]}
        value={filter.code ?? all}
        onChange={(code) => look({ ...filter, code: code || undefined })}
      />
      <Select
        aria-label={t('deadLetters.category')}
        w={130}
        data={[
          { value: all, label: t('deadLetters.allCategories') },
          ...choices(
            filter.category,
            groups.map(({ category }) => [category, category]),
          ),
        ]}
        value={filter.category ?? all}
        onChange={(category) => look({ ...filter, category: category || undefined })}
      />
    </search>
  );
}

interface ActionsProps {
  readonly chosen: readonly string[];
  /** How many there are that fit the filter. */
  readonly fitting: number;
  readonly filter: DeadLetterFilter;
  readonly isBusy: boolean;
  readonly begin: (kind: 'retry' | 'discard', choice: Choice, note?: string) => void;
}

/** What can be done with those that are selected, or else with all that fit. */
function Actions({ chosen, fitting, filter, isBusy, begin }: ActionsProps) {
  const { t } = useTranslation();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const some = chosen.length > 0;
  const count = some ? chosen.length : fitting;
  const choice: Choice = some ? { runs: chosen } : { filter };
  return (
    <div className={classes.actions}>
      <span className={`numbers ${classes.second}`} role="status">
        {t(some ? 'deadLetters.selected' : 'deadLetters.fit', { count })}
      </span>
      {may('runs.discard') && (
        <Button variant="default" disabled={isBusy} onClick={() => setAsking(true)}>
          {t(some ? 'deadLetters.discard' : 'deadLetters.discardAll', { count })}
        </Button>
      )}
      {may('runs.redrive') && (
        <Button disabled={isBusy} onClick={() => begin('retry', choice)}>
          {t(some ? 'deadLetters.retry' : 'deadLetters.retryAll', { count })}
        </Button>
      )}
      {asking && (
        <DiscardDialog
          count={count}
          close={() => setAsking(false)}
          discard={(note) => {
            setAsking(false);
            begin('discard', choice, note);
          }}
        />
      )}
    </div>
  );
}

function useColumns(
  rows: readonly DeadLetterRow[],
  selected: ReadonlySet<string>,
  select: (ids: ReadonlySet<string>) => void,
  isOpen: boolean,
): EndlessColumn<DeadLetterRow>[] {
  const { t } = useTranslation();
  const isAll = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  const checks: EndlessColumn<DeadLetterRow> = {
    id: 'select',
    width: 52,
    head: (
      <Checkbox
        size="xs"
        aria-label={t('deadLetters.selectAll')}
        checked={isAll}
        indeterminate={!isAll && selected.size > 0}
        onChange={() => select(isAll ? nobody : new Set(rows.map(({ id }) => id)))}
      />
    ),
    cell: ({ id, flowName, message }) => (
      <Checkbox
        size="xs"
        className={classes.over ?? ''}
        aria-label={t('deadLetters.select', { flow: flowName, message })}
        checked={selected.has(id)}
        onChange={() => toggle(id)}
      />
    ),
  };
  return [
    ...(isOpen ? [checks] : []),
    {
      id: 'why',
      head: t('deadLetters.why'),
      cell: ({ runId, message, code, category }) => (
        <>
          <Link to="/runs/$runId" params={{ runId }} className={classes.link}>
            {message}
          </Link>
          <div className={classes.second}>
            <span className="mono">{code}</span> · {category}
          </div>
        </>
      ),
    },
    {
      id: 'flow',
      width: '26%',
      head: t('deadLetters.flow'),
      cell: ({ flowName, step }) => (
        <>
          {flowName}
          <div className={`mono ${classes.second}`}>{step}</div>
        </>
      ),
    },
    {
      id: 'failed',
      width: 124,
      head: t('deadLetters.failed'),
      cell: ({ at }) => (
        <span className={classes.quiet}>
          <When at={at} />
        </span>
      ),
    },
    ...(isOpen ? [] : [settled(t('deadLetters.settled'), (who) => t('deadLetters.by', { who }))]),
  ];
}

function settled(head: string, by: (who: string) => string): EndlessColumn<DeadLetterRow> {
  return {
    id: 'settled',
    width: 190,
    head,
    cell: ({ settledAt, settledBy, note }) => (
      <>
        {settledAt !== null && (
          <span className={classes.quiet}>
            <When at={settledAt} /> {settledBy !== null && by(settledBy)}
          </span>
        )}
        {note !== null && <div className={classes.second}>{note}</div>}
      </>
    ),
  };
}

function Nothing({ filter, clear }: { readonly filter: DeadLetterFilter; readonly clear: () => void }) {
  const { t } = useTranslation();
  if (Object.keys(filter).length === 0)
    return <EmptyState icon={IconCircleCheck} title={t('deadLetters.emptyTitle')} text={t('deadLetters.empty')} />;
  return (
    <EmptyState icon={IconFilterOff} title={t('deadLetters.noMatchTitle')} text={t('deadLetters.noMatch')}>
      <Button variant="default" onClick={clear}>
        {t('deadLetters.clear')}
      </Button>
    </EmptyState>
  );
}

/** What is open is what is looked at anyway. */
function onlySaid(filter: DeadLetterFilter): DeadLetterFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== 'open'));
}
