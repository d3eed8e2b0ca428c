import { Alert, Button, Menu, Modal, Select, TextInput, UnstyledButton } from '@mantine/core';
import { IconDownload, IconHistory, IconSearch, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/queries.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { t as translate } from '../app/i18n.ts';
import { notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { exactTime } from '../app/time.ts';
import { When } from '../app/when.tsx';
import { differencesOf } from '../parts/difference.ts';
import { DifferenceTable } from '../parts/difference-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Refusal } from '../parts/refusal.tsx';
import { Copyable } from '../parts/shown-once.tsx';
import { TypedFilter } from '../parts/typed-filter.tsx';
import { downloadAudit } from './download.ts';
import { type AuditEntry, type AuditFilter, auditQuery, auditVerdictQuery } from './queries.ts';

const columns = columnsOf<AuditEntry>((helper) =>
  helper.columns([
    helper.accessor('at', {
      header: () => translate('audit.at'),
      cell: ({ getValue }) => <When at={getValue()} />,
      enableSorting: false,
    }),
    helper.accessor('who', { header: () => translate('audit.who'), enableSorting: false }),
    helper.accessor('action', {
      header: () => translate('audit.action'),
      cell: ({ getValue }) => <span className="mono">{getValue()}</span>,
      enableSorting: false,
    }),
    helper.accessor('target', {
      header: () => translate('audit.target'),
      cell: ({ row: { original } }) => <EntryLink entry={original} />,
      enableSorting: false,
    }),
  ]),
);

/** Who has changed what, newest first. */
export function AuditPage() {
  const { t } = useTranslation();
  const filter = useSearch({ from: '/audit' });
  const entries = useInfiniteQuery(auditQuery(filter));
  const isFiltered = Object.keys(filter).length > 0;
  const navigate = useNavigate();
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')} help="accounts" actions={<AuditActions filter={filter} />}>
      <Verdict />
      <Filters filter={filter} />
      <Loaded query={entries}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.entries);
          if (rows.length === 0)
            return isFiltered ? (
              <EmptyState icon={IconSearch} title={t('parts.noMatchTitle')} text={t('parts.noMatch')}>
                <Button variant="default" onClick={() => void navigate({ to: '/audit', search: {} })}>
                  {t('parts.clear')}
                </Button>
              </EmptyState>
            ) : (
              <EmptyState icon={IconHistory} title={t('audit.emptyTitle')} text={t('audit.empty')} />
            );
          return (
            <DataTable
              label={t('audit.title')}
              columns={columns}
              rows={rows}
              idOf={({ position }) => String(position)}
            />
          );
        }}
      </Loaded>
      {entries.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" onClick={() => void entries.fetchNextPage()} loading={entries.isFetchingNextPage}>
            {t('parts.more')}
          </Button>
        </div>
      )}
    </Page>
  );
}

function AuditActions({ filter }: { readonly filter: AuditFilter }) {
  const { t } = useTranslation();
  const verdict = useQuery(auditVerdictQuery);
  const take = (format: 'csv' | 'jsonl') =>
    void downloadAudit(format, filter).catch((error: unknown) => notifyRefused(t('audit.exportFailed'), error));
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={15} />}
        onClick={() => void verdict.refetch()}
        loading={verdict.isFetching}
      >
        {t('audit.verify')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={15} />}>
            {t('audit.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => take('csv')}>{t('audit.exportCsv')}</Menu.Item>
          <Menu.Item onClick={() => take('jsonl')}>{t('audit.exportJsonl')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** What looking through the audit has found. */
function Verdict() {
  const { t } = useTranslation();
  const { data, error } = useQuery(auditVerdictQuery);
  if (!data) return <Refusal error={error} />;
  if (!data.ok)
    return (
      <Alert color="red" variant="light" mb={16} role="alert">
        {t('audit.broken', data)}
      </Alert>
    );
  const { position, hash } = data.head;
  return (
    <Alert color="teal" variant="light" mb={16} role="status">
      {t('audit.whole', { count: position })} {t('audit.head')}:
      <Copyable label={t('audit.head')} text={`${position}:${hash}`} />
    </Alert>
  );
}

function Filters({ filter }: { readonly filter: AuditFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useQuery(sessionQuery).data?.actions ?? [];
  const set = (part: AuditFilter) => {
    const next = Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined && value !== '');
    void navigate({ to: '/audit', search: Object.fromEntries(next), replace: true });
  };
  return (
    <div className={classes.filters}>
      <Select
        aria-label={t('audit.action')}
        placeholder={t('audit.anyAction')}
        data={[...actions]}
        value={filter.action ?? null}
        onChange={(action) => set({ action: action ?? undefined })}
        allowDeselect
        clearable
        searchable
        w={200}
      />
      <TypedFilter
        label={t('audit.who')}
        placeholder={t('audit.whoHint')}
        value={filter.who}
        change={(who) => set({ who })}
      />
      <TypedFilter
        label={t('audit.target')}
        placeholder={t('audit.targetHint')}
        value={filter.target}
        change={(target) => set({ target })}
      />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          label={t(`audit.${end}`)}
          value={filter[end] ?? ''}
          onChange={(event) => set({ [end]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}

function EntryLink({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <UnstyledButton
        className={classes.link}
        onClick={() => setOpen(true)}
        aria-label={`${t('audit.open', { position: entry.position })}: ${entry.target}`}
      >
        {entry.target}
      </UnstyledButton>
      {open && <EntryDialog entry={entry} close={() => setOpen(false)} />}
    </>
  );
}

function EntryDialog({ entry, close }: { readonly entry: AuditEntry; readonly close: () => void }) {
  const { t } = useTranslation();
  const { position, at, who, by, address, environment, action, target, before, after, hash } = entry;
  const facts = [
    [t('audit.at'), exactTime(new Date(at))],
    [t('audit.who'), `${who} (${t(`audit.kinds.${by}`)})`],
    [t('audit.action'), action],
    [t('audit.target'), target],
    [t('audit.environment'), environment ?? '—'],
    [t('audit.address'), address ?? '—'],
    [t('audit.hash'), hash],
  ] as const;
  return (
    <Modal opened onClose={close} title={t('audit.entry', { position })} size={760}>
      <dl className={classes.facts}>
        {facts.map(([name, text]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div style={{ marginTop: 16 }}>
        <DifferenceTable
          title={t('audit.changes')}
          left={t('audit.before')}
          right={t('audit.after')}
          list={differencesOf(before, after)}
        />
      </div>
    </Modal>
  );
}
