import { Button, FileButton, Skeleton, TextInput } from '@mantine/core';
import { IconRoute, IconSearch, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { flowsQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { t as translate } from '../app/i18n.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { FirstSteps } from '../first-steps/first-steps.tsx';
import { readBundle } from './bundle-file.ts';
import { FlowRow } from './flow-row.tsx';
import classes from './flows-page.module.css';

/** As many flows as make a filter worth its room. */
const filterFrom = 6;

export function FlowsPage() {
  const { t } = useTranslation();
  const flows = useQuery(flowsQuery(useEnvironment()));
  const [text, setText] = useState('');
  const all = flows.data ?? [];
  const wanted = text.trim().toLowerCase();
  const shown = all.filter(({ name, description }) => `${name} ${description ?? ''}`.toLowerCase().includes(wanted));
  return (
    <Page title={t('flows.title')} lead={t('flows.lead')} actions={<ImportButton />}>
      <FirstSteps />
      {all.length >= filterFrom && (
        <TextInput
          className={classes.filter ?? ''}
          aria-label={t('flows.search')}
          placeholder={t('flows.search')}
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {flows.isPending && <Skeleton height={92} radius={12} />}
      {flows.error && <ErrorState error={flows.error} retry={() => void flows.refetch()} />}
      {flows.data && all.length === 0 && (
        <EmptyState icon={IconRoute} title={t('flows.emptyTitle')} text={t('flows.empty')}>
          <ImportButton />
        </EmptyState>
      )}
      {all.length > 0 && shown.length === 0 && <EmptyState icon={IconSearch} title={t('flows.noMatch', { text })} />}
      {shown.length > 0 && (
        <ul className={classes.list}>
          {shown.map((flow) => (
            <FlowRow key={flow.id} flow={flow} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function ImportButton() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const take = async (file: File | null) => {
    const id = file && (await importFlow(await file.text()));
    if (id) void navigate({ to: '/flows/$flowId', params: { flowId: id } });
  };
  return (
    <FileButton accept="application/json,.json" onChange={(file) => void take(file)}>
      {(props) => (
        <Button variant="default" leftSection={<IconUpload size={15} />} {...props}>
          {t('flows.import')}
        </Button>
      )}
    </FileButton>
  );
}

/** @returns id of the flow, or nothing where it was refused */
async function importFlow(text: string): Promise<string | undefined> {
  const read = readBundle(text);
  if ('problem' in read) {
    notifyRefused(translate('flows.importFailed'), translate(`flows.${read.problem}`));
    return undefined;
  }
  try {
    const { id, bundle } = await call('post /flows', { body: read.bundle });
    void queryClient.invalidateQueries({ queryKey: ['flows'] });
    notifyDone(translate('flows.imported', { name: bundle.flow.name }));
    return id;
  } catch (error) {
    notifyRefused(translate('flows.importFailed'), error);
    return undefined;
  }
}
