import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { useEnvironment } from '../app/environment.ts';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { useFlowNames } from '../flows/use-flow-names.ts';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { type LayerLine, layerLines } from './layer-lines.ts';
import { OwnHistory } from './own-history.tsx';
import { OwnLinesPanel } from './own-lines-panel.tsx';
import { type LayeredMapping, type MappingPlace, mappingQuery } from './queries.ts';
import { VersionsPanel } from './versions-panel.tsx';

/** A mapping with its layers: versions, lines in force, the tenant's own and their history. */
export function MappingPage() {
  const { t } = useTranslation();
  const { flowId, name } = useParams({ from: '/mappings/$flowId/$name' });
  const environment = useEnvironment();
  const place: MappingPlace = { flow: flowId, name, environment };
  const mapping = useQuery(mappingQuery(place));
  const nameOf = useFlowNames();
  return (
    <Page
      crumbs={
        <>
          <Link to="/mappings">{t('layers.title')}</Link>
          <span aria-hidden>/</span>

          <Link to="/flows/$flowId" params={{ flowId }}>
            {nameOf(flowId)}
          </Link>
        </>
      }
      title={mapping.data?.title ?? name}
      lead={t('layers.lead')}
      help="mapping-layers"
    >
      <Loaded query={mapping}>
        {(shown) => (
          <>
            <VersionsPanel versions={shown.versions} />
            <LinesPanel mapping={shown} />
            <OwnLinesPanel key={`${environment} ${shown.own?.id}`} place={place} mapping={shown} />
            <OwnHistory place={place} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const columns = columnsOf<LayerLine>((helper) =>
  helper.columns([
    helper.accessor('to', {
      header: () => translate('layers.to'),
      cell: ({ row: { original } }) => (
        <span className="mono" style={{ paddingLeft: original.depth * 20 }}>
          {original.to}
        </span>
      ),
      enableSorting: false,
    }),
    helper.accessor('from', {
      header: () => translate('layers.from'),
      cell: ({ getValue }) => <span className="mono">{getValue()}</span>,
      enableSorting: false,
    }),
    helper.accessor('layer', {
      header: () => translate('layers.layer'),
      cell: ({ getValue }) => <span className={classes.chip}>{translate(`layers.layers.${getValue()}`)}</span>,
      enableSorting: false,
    }),
  ]),
);

function LinesPanel({ mapping }: { readonly mapping: LayeredMapping }) {
  const { t } = useTranslation();
  const versions = mapping.versions.map(({ version }) => version);
  const [version, setVersion] = useState(versions.at(-1) ?? '');
  return (
    <Panel
      title={t('layers.linesTitle')}
      text={t('layers.linesText')}
      actions={
        <SegmentedControl
          aria-label={t('layers.version')}
          data={versions}
          value={version}
          onChange={setVersion}
          size="xs"
        />
      }
    >
      <DataTable
        label={t('layers.linesTitle')}
        columns={columns}
        rows={layerLines(mapping, version)}
        idOf={({ key }) => key}
      />
    </Panel>
  );
}
