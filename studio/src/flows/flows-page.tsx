import { Button, FileButton, Skeleton, TextInput } from '@mantine/core';
import { IconPlus, IconRoute, IconSearch, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { flowsQuery } from '../api/queries.ts';
import type { FlowBundle } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { FirstSteps } from '../first-steps/first-steps.tsx';
import { readBundle } from './bundle-file.ts';
import { FlowRow } from './flow-row.tsx';
import classes from './flows-page.module.css';
import { ImportDialog } from './import-dialog.tsx';
import { NewFlowDialog } from './new-flow-dialog.tsx';

/** As many flows as make a filter worth its room. */
const filterFrom = 6;

export function FlowsPage() {
  const { t } = useTranslation();
  const flows = useQuery(flowsQuery(useEnvironment()));
  const [text, setText] = useState('');
  const all = flows.data ?? [];
  const begin = useMay()('flows.edit') && (
    <>
      <ImportButton />
      <NewButton taken={all.map(({ id }) => id)} />
    </>
  );
  const wanted = text.trim().toLowerCase();
  const shown = all.filter(({ name, description }) => `${name} ${description ?? ''}`.toLowerCase().includes(wanted));
  return (
    <Page title={t('flows.title')} lead={t('flows.lead')} actions={all.length > 0 && begin}>
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
          {begin}
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

function NewButton({ taken }: { readonly taken: readonly string[] }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button leftSection={<IconPlus size={15} />} onClick={() => setAsking(true)}>
        {t('flows.new')}
      </Button>
      {asking && <NewFlowDialog taken={taken} close={() => setAsking(false)} />}
    </>
  );
}

function ImportButton() {
  const { t } = useTranslation();
  const [bundle, setBundle] = useState<FlowBundle>();
  const forgetFile = useRef<() => void>(null);
  const take = async (file: File | null) => {
    if (!file) return;
    const read = readBundle(await file.text());
    // Otherwise a file that was mended could not be chosen once more.
    forgetFile.current?.();
    if ('problem' in read) notifyRefused(t('flows.importFailed'), t(`flows.${read.problem}`));
    else setBundle(read.bundle);
  };
  return (
    <>
      <FileButton resetRef={forgetFile} accept="application/json,.json" onChange={(file) => void take(file)}>
        {(props) => (
          <Button variant="default" leftSection={<IconUpload size={15} />} {...props}>
            {t('flows.import')}
          </Button>
        )}
      </FileButton>
      {bundle && <ImportDialog bundle={bundle} close={() => setBundle(undefined)} />}
    </>
  );
}
