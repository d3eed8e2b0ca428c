import { ActionIcon, Select, Skeleton, Tooltip } from '@mantine/core';
import { IconArrowsLeftRight, IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { catalogueQuery } from '../api/queries.ts';
import type { Catalogue, FlowBundle } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { ErrorState } from '../app/error-state.tsx';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import type { ToldChange } from './change-groups.ts';
import { ChangeList } from './change-list.tsx';
import classes from './difference-page.module.css';
import { drawnDifference } from './drawn-difference.ts';
import { FlowPlaces } from './flow-places.tsx';
import { bundleQuery, differenceQuery, versionsQuery } from './queries.ts';

/** Two versions of a flow, as one drawing and as text. */
export function DifferencePage() {
  const { flowId } = useParams({ from: '/flows/$flowId/difference' });
  const { from = 'production', to = 'draft' } = useSearch({ from: '/flows/$flowId/difference' });
  const before = useQuery(bundleQuery(flowId, from));
  const after = useQuery(bundleQuery(flowId, to));
  const changes = useQuery(differenceQuery(flowId, from, to));
  const catalogue = useQuery(catalogueQuery);
  const failed = [before, after, changes, catalogue].find(({ error, data }) => error && !data);
  return (
    <div className={classes.page}>
      <DifferenceHeader flowId={flowId} name={after.data?.flow.name ?? flowId} from={from} to={to} />
      {failed?.error ? (
        <ErrorState error={failed.error} retry={() => void failed.refetch()} />
      ) : before.data && after.data && changes.data && catalogue.data ? (
        <ReactFlowProvider key={`${flowId} ${from} ${to}`}>
          <Difference before={before.data} after={after.data} changes={changes.data} catalogue={catalogue.data} />
        </ReactFlowProvider>
      ) : (
        <Skeleton height="100%" radius={0} />
      )}
    </div>
  );
}

interface HeaderProps {
  readonly flowId: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

function DifferenceHeader({ flowId, name, from, to }: HeaderProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const go = (search: { from: string; to: string }) =>
    void navigate({ to: '/flows/$flowId/difference', params: { flowId }, search });
  return (
    <header className={classes.header}>
      <title>{`${t('difference.title')} · ${name} · Millrace`}</title>
      <div className={classes.heading}>
        <nav className={classes.crumbs}>
          <Link to="/flows/$flowId/versions" params={{ flowId }}>
            {name}
          </Link>
          <span aria-hidden>/</span>
        </nav>
        <h1 className={classes.title}>{t('difference.title')}</h1>
        <FlowPlaces flowId={flowId} />
      </div>
      <div className={classes.ends}>
        <VersionSelect
          label={t('difference.from')}
          flowId={flowId}
          value={from}
          choose={(one) => go({ from: one, to })}
        />
        <Tooltip label={t('difference.swap')}>
          <ActionIcon aria-label={t('difference.swap')} onClick={() => go({ from: to, to: from })}>
            <IconArrowsLeftRight size={16} />
          </ActionIcon>
        </Tooltip>
        <VersionSelect label={t('difference.to')} flowId={flowId} value={to} choose={(one) => go({ from, to: one })} />
      </div>
    </header>
  );
}

interface VersionSelectProps {
  readonly label: string;
  readonly flowId: string;
  readonly value: string;
  readonly choose: (name: string) => void;
}

function VersionSelect({ label, flowId, value, choose }: VersionSelectProps) {
  const { t } = useTranslation();
  const versions = useQuery(versionsQuery(flowId)).data ?? [];
  const known = versions.find(({ version }) => version === value);
  const data = [
    { value: 'draft', label: t('difference.draft') },
    ...(['sandbox', 'production'] as const).map((one) => ({
      value: one,
      label: t('difference.servesIn', { environment: t(`nav.environments.${one}`) }),
    })),
    ...versions.map(({ number, note }) => ({
      value: String(number),
      label: `${t('difference.version', { number })}${note === null ? '' : ` · ${note}`}`,
    })),
  ];
  return (
    <Select
      className={classes.select ?? ''}
      aria-label={label}
      data={data}
      value={known ? String(known.number) : value}
      onChange={(name) => name !== null && choose(name)}
      searchable
    />
  );
}

interface DifferenceProps {
  readonly before: FlowBundle;
  readonly after: FlowBundle;
  readonly changes: readonly ToldChange[];
  readonly catalogue: Catalogue;
}

const nobody: ReadonlySet<string> = new Set();

function Difference({ before, after, changes, catalogue }: DifferenceProps) {
  const { t } = useTranslation();
  const { fitView } = useReactFlow();
  const [selected, setSelected] = useState(nobody);
  const catalog = useMemo(() => new Map(catalogue.nodes.map((type) => [type.id, type])), [catalogue]);
  const drawn = useMemo(() => drawnDifference(before, after, changes), [before, after, changes]);
  const open = (node: string) => {
    setSelected(new Set([node]));
    void fitView({ nodes: [{ id: node }], maxZoom: 1, duration: 300, padding: 1 });
  };
  return (
    <div className={classes.stage}>
      <FlowCanvas
        label={t('difference.canvas')}
        flow={drawn.flow}
        layout={drawn.layout}
        highlights={drawn.highlights}
        catalog={catalog}
        selected={selected}
        select={setSelected}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <aside className={classes.panel} aria-label={t('difference.panel')} tabIndex={0}>
        {changes.length === 0 ? (
          <EmptyState icon={IconEqual} title={t('difference.noneTitle')} text={t('difference.none')} />
        ) : (
          <>
            <div role="status">
              <h2 className={classes.count}>{t('difference.count', { count: changes.length })}</h2>
            </div>
            <p className={classes.apart}>{t('difference.layoutApart')}</p>
            <ChangeList changes={changes} nodes={drawn.flow.nodes} open={open} />
          </>
        )}
      </aside>
    </div>
  );
}
