import { Alert, TextInput } from '@mantine/core';
import { negotiate } from '@millrace/mapping';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { t as translate } from '../app/i18n.ts';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import type { LayeredMapping } from './queries.ts';

type Version = LayeredMapping['versions'][number];

const columns = columnsOf<Version>((helper) =>
  helper.columns([
    helper.accessor('version', {
      header: () => translate('layers.version'),
      cell: ({ getValue }) => <span className="numbers">{getValue()}</span>,
      enableSorting: false,
    }),
    helper.accessor('status', {
      header: () => translate('layers.status'),
      cell: ({ getValue }) => <span className={classes.chip}>{translate(`layers.statuses.${getValue()}`)}</span>,
      enableSorting: false,
    }),
    helper.accessor(({ sunset }) => sunset ?? '—', {
      id: 'sunset',
      header: () => translate('layers.sunset'),
      enableSorting: false,
    }),
    helper.accessor(({ notes }) => notes ?? '', {
      id: 'notes',
      header: () => translate('layers.notes'),
      enableSorting: false,
    }),
  ]),
);

/** The versions of the other system's data, and which of them serves whom. */
export function VersionsPanel({ versions }: { readonly versions: readonly Version[] }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState('');
  const told = useAnswer(versions, asked.trim());
  return (
    <Panel title={t('layers.versionsTitle')} text={t('layers.versionsText')}>
      <DataTable label={t('layers.versionsTitle')} columns={columns} rows={versions} idOf={({ version }) => version} />
      <TextInput
        label={t('layers.asked')}
        placeholder={t('layers.askedHint')}
        value={asked}
        onChange={(event) => setAsked(event.currentTarget.value)}
        mt={16}
        maw={420}
      />
      <Alert color={told.isRefused ? 'red' : 'teal'} variant="light" mt={10} role="status">
        {told.text}
      </Alert>
    </Panel>
  );
}

/** The same rule as in a run, on today's day of the calendar. */
function useAnswer(
  versions: readonly Version[],
  asked: string,
): { readonly text: string; readonly isRefused: boolean } {
  const { t } = useTranslation();
  try {
    const today = new Date().toISOString().slice(0, 10);
    const { version, warning } = negotiate(versions, asked === '' ? undefined : asked, today);
    const serves = t('layers.serves', { version: version.version });
    return { text: warning === undefined ? serves : `${serves} ${warning}`, isRefused: false };
  } catch (error) {
    return { text: (error as Error).message, isRefused: true };
  }
}
