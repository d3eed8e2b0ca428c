import { Skeleton } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { flowsQuery } from '../api/queries.ts';
import type { FlowSummary } from '../api/types.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { t as translate } from '../app/i18n.ts';
import { Page } from '../app/page.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { flowMappingsQuery } from './queries.ts';

interface Row {
  readonly flow: string;
  readonly flowName: string;
  readonly name: string;
  readonly title: string;
  readonly versions: string;
}

const columns = columnsOf<Row>((helper) =>
  helper.columns([
    helper.accessor('title', {
      header: () => translate('layers.mapping'),
      cell: ({ row: { original } }) => (
        <Link
          to="/mappings/$flowId/$name"
          params={{ flowId: original.flow, name: original.name }}
          className={classes.link}
        >
          {original.title}
        </Link>
      ),
    }),
    helper.accessor('flowName', { header: () => translate('layers.flow') }),
    helper.accessor('versions', { header: () => translate('layers.versions'), enableSorting: false }),
  ]),
);

/** Mappings in layers of what is deployed. */
export function MappingsPage() {
  const { t } = useTranslation();
  const flows = useQuery(flowsQuery(useEnvironment()));
  return (
    <Page title={t('layers.title')} lead={t('layers.lead')} help="mapping-layers">
      <Loaded query={flows}>{(all) => <Mappings flows={all.filter(({ deployed }) => deployed !== null)} />}</Loaded>
    </Page>
  );
}

function Mappings({ flows }: { readonly flows: readonly FlowSummary[] }) {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const rows = useQueries({
    queries: flows.map(({ id }) => flowMappingsQuery(id, environment)),
    combine: (results) => ({
      isPending: results.some(({ isPending }) => isPending),
      data: results.flatMap(({ data }, index) => rowsOf(flows[index], data ?? [])),
    }),
  });
  if (rows.isPending) return <Skeleton height={120} radius={14} aria-hidden />;
  if (rows.data.length === 0)
    return <EmptyState icon={IconStack2} title={t('layers.emptyTitle')} text={t('layers.empty')} />;
  return (
    <DataTable
      label={t('layers.title')}
      columns={columns}
      rows={rows.data}
      idOf={({ flow, name }) => `${flow} ${name}`}
    />
  );
}

interface Summary {
  readonly name: string;
  readonly title: string;
  readonly versions: readonly { readonly version: string }[];
}

function rowsOf(flow: FlowSummary | undefined, mappings: readonly Summary[]): Row[] {
  if (!flow) return [];
  return mappings.map(({ name, title, versions }) => ({
    flow: flow.id,
    flowName: flow.name,
    name,
    title,
    versions: versions.map(({ version }) => version).join(', '),
  }));
}
