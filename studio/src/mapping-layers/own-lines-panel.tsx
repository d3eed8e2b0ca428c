import { Alert, Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { notifyDone } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { LineTable } from '../mapper/line-table.tsx';
import { Panel } from '../parts/panel.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { asLines } from './layer-lines.ts';
import { type LayeredMapping, type MappingPlace, refreshMappings } from './queries.ts';

const noProblems: ReadonlyMap<string, string> = new Map();

interface OwnLinesPanelProps {
  readonly place: MappingPlace;
  readonly mapping: LayeredMapping;
}

/** The tenant's own lines over a mapping, changed in the sandbox alone. */
export function OwnLinesPanel({ place: { flow, name, environment }, mapping: { own } }: OwnLinesPanelProps) {
  const { t } = useTranslation();
  const mayEdit = useMay()('mappings.edit');
  const [fields, setFields] = useState(asLines(own?.fields ?? []));
  const [note, setNote] = useState('');
  const saving = useMutation({
    mutationFn: () =>
      call('put /flows/{id}/mappings/{name}/own', {
        params: { id: flow, name },
        body: { fields: fields as never, basedOn: own?.id ?? null, ...(note !== '' && { note }) },
      }),
    onSuccess: () => {
      notifyDone(t('layers.saved'));
      refreshMappings();
    },
  });
  if (!mayEdit || environment !== 'sandbox')
    return (
      <Panel title={t('layers.ownTitle')} text={t('layers.ownText')}>
        {mayEdit && t('layers.ownElsewhere')}
      </Panel>
    );
  return (
    <Panel title={t('layers.ownTitle')} text={t('layers.ownText')}>
      <LineTable fields={fields} problems={noProblems} change={setFields} />
      <TextInput
        label={t('layers.note')}
        description={t('layers.noteHint')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={2000}
        mt={14}
        maw={420}
      />
      <Refusal error={saving.error} />
      {saving.data && saving.data.testUrls.length > 0 && (
        <Alert color="teal" variant="light" mt={12} title={t('layers.tryAt')} role="status">
          {saving.data.testUrls.map(({ node, method, url }) => (
            <div key={node} className="mono">
              {method} {url}
            </div>
          ))}
        </Alert>
      )}
      <Button mt={14} onClick={() => saving.mutate()} loading={saving.isPending}>
        {t('layers.save')}
      </Button>
    </Panel>
  );
}
