import { ActionIcon, Button, Skeleton } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconFlask, IconPencil, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { catalogueQuery, flowQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import type { Catalogue, FlowDetail } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { ErrorState } from '../app/error-state.tsx';
import { notifyRefused } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import type { Trace } from '../canvas/drawing.ts';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import page from '../versions/difference-page.module.css';
import { FlowPlaces } from '../versions/flow-places.tsx';
import { type Report, type ReportedTest, reportQuery } from './queries.ts';
import { TestDialog } from './test-dialog.tsx';
import classes from './tests-page.module.css';
import { untakenHighlights } from './untaken.ts';

export function TestsPage() {
  const { flowId } = useParams({ from: '/flows/$flowId/tests' });
  const flow = useQuery(flowQuery(flowId, useEnvironment()));
  const catalogue = useQuery(catalogueQuery);
  const report = useQuery(reportQuery(flowId));
  const failed = [flow, catalogue, report].find(({ error, data }) => error && data === undefined);
  if (failed?.error) return <ErrorState error={failed.error} retry={() => void failed.refetch()} wholePage />;
  if (!flow.data || !catalogue.data || report.data === undefined) return <Skeleton height="100%" radius={0} />;
  return (
    <ReactFlowProvider key={flowId}>
      <TestsView server={flow.data} catalogue={catalogue.data} report={report.data} />
    </ReactFlowProvider>
  );
}

interface TestsViewProps {
  readonly server: FlowDetail;
  readonly catalogue: Catalogue;
  /** Null where the tests have not run since the draft was changed. */
  readonly report: Report | null;
}

const nobody: ReadonlySet<string> = new Set();

function TestsView({ server, catalogue, report }: TestsViewProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { run } = useSearch({ from: '/flows/$flowId/tests' });
  const [shown, setShown] = useState<string>();
  const [edited, setEdited] = useState<{ readonly file?: string }>();
  const [selected, setSelected] = useState(nobody);
  const { flow, layout, tests } = server.bundle;
  const catalog = useMemo(() => new Map(catalogue.nodes.map((type) => [type.id, type])), [catalogue]);
  const highlights = useMemo(() => untakenHighlights(flow, report?.untaken ?? []), [flow, report]);
  const went = report?.tests.find(({ file }) => file === shown);
  const trace = useMemo(() => (went ? wayOf(went) : undefined), [went]);
  const running = useMutation({
    mutationFn: () => call('post /flows/{id}/tests', { params: { id: server.id }, body: {} }),
    // The report of a draft is kept nowhere else.
    onSuccess: ({ kept: _, ...fresh }) => {
      const told: Report = { ...fresh, ranAt: new Date().toISOString(), ranBy: '' };
      queryClient.setQueryData(reportQuery(server.id).queryKey, told);
    },
    onError: (error) => notifyRefused(t('tests.runFailed'), error),
  });
  const files = Object.keys(tests);
  const closeDialog = () => {
    setEdited(undefined);
    if (run !== undefined) void navigate({ to: '/flows/$flowId/tests', params: { flowId: server.id }, search: {} });
  };
  return (
    <div className={page.page}>
      <title>{`${t('tests.title')} · ${flow.name} · Millrace`}</title>
      <header className={page.header}>
        <div className={page.heading}>
          <nav className={page.crumbs}>
            <Link to="/flows">{t('flows.title')}</Link>
            <span aria-hidden>/</span>
          </nav>
          <h1 className={page.title}>{flow.name}</h1>
          <FlowPlaces flowId={server.id} />
        </div>
        <div className={page.ends}>
          {may('flows.edit') && (
            <Button variant="default" onClick={() => setEdited({})}>
              {t('tests.add')}
            </Button>
          )}
          {may('flows.test') && (
            <Button
              leftSection={<IconPlayerPlay size={15} />}
              onClick={() => running.mutate()}
              loading={running.isPending}
              disabled={files.length === 0}
            >
              {t('tests.run')}
            </Button>
          )}
        </div>
      </header>
      <div className={page.stage}>
        <FlowCanvas
          label={t('tests.canvas')}
          flow={flow}
          layout={layout}
          catalog={catalog}
          highlights={highlights}
          trace={trace}
          selected={selected}
          select={setSelected}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <aside className={page.panel} aria-label={t('tests.panel')} tabIndex={0}>
          {files.length === 0 ? (
            <EmptyState icon={IconFlask} title={t('tests.emptyTitle')} text={t('tests.empty')} />
          ) : (
            <>
              <Summary report={report} />
              <ul className={classes.tests}>
                {files.map((file) => (
                  <TestRow
                    key={file}
                    file={file}
                    name={nameOf(tests[file]) ?? file}
                    went={report?.tests.find((test) => test.file === file)}
                    isShown={shown === file}
                    show={() => setShown(shown === file ? undefined : file)}
                    edit={() => setEdited({ file })}
                  />
                ))}
              </ul>
              {report && <Untaken untaken={report.untaken} />}
            </>
          )}
        </aside>
      </div>
      {(edited || run !== undefined) && (
        <TestDialog server={server} file={edited?.file} run={run} close={closeDialog} />
      )}
    </div>
  );
}

/** The nodes that a test's runs came to, as the canvas draws a run. */
function wayOf({ nodes, mismatches }: ReportedTest): Trace {
  const status = mismatches.length === 0 ? ('done' as const) : ('failed' as const);
  return { marks: new Map(nodes.map((node) => [node, { status, note: '' }])), taken: new Set() };
}

function nameOf(test: unknown): string | undefined {
  return (test as { name?: string } | undefined)?.name;
}

function Summary({ report }: { readonly report: Report | null }) {
  const { t } = useTranslation();
  if (!report) return <p className={classes.quiet}>{t('tests.notRun')}</p>;
  return (
    <p className={classes.summary} role="status">
      {report.passed > 0 && <span data-passed>{t('tests.passed', { count: report.passed })}</span>}
      {report.failed > 0 && <span data-failed>{t('tests.failed', { count: report.failed })}</span>}
      <span className={classes.quiet}>
        {t('tests.ran')} <When at={report.ranAt} />
      </span>
    </p>
  );
}

interface TestRowProps {
  readonly file: string;
  readonly name: string;
  readonly went: ReportedTest | undefined;
  readonly isShown: boolean;
  readonly show: () => void;
  readonly edit: () => void;
}

function TestRow({ file, name, went, isShown, show, edit }: TestRowProps) {
  const { t } = useTranslation();
  const state = went === undefined ? 'none' : went.mismatches.length === 0 ? 'passed' : 'failed';
  const Icon = { none: IconCircleDashed, passed: IconCheck, failed: IconX }[state];
  const word = { none: 'tests.notRun', passed: 'tests.passes', failed: 'tests.fails' } as const;
  return (
    <li className={classes.test} data-state={state}>
      <div className={classes.testLine}>
        <button type="button" className={classes.name} aria-pressed={isShown} onClick={show}>
          <Icon size={15} stroke={2.2} aria-hidden className={classes.icon} />
          <span>
            {name}
            <span className={`mono ${classes.file}`}>{file}</span>
          </span>
          <span className="visually-hidden">: {t(word[state])}</span>
        </button>
        <ActionIcon size={28} aria-label={t('tests.edit', { name: file })} onClick={edit}>
          <IconPencil size={15} />
        </ActionIcon>
      </div>
      {went && went.mismatches.length > 0 && (
        <ul className={classes.mismatches}>
          {went.mismatches.map((mismatch) => (
            <li key={mismatch}>{mismatch}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Untaken({ untaken }: { readonly untaken: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <section className={classes.untaken} aria-labelledby="untaken">
      <h2 id="untaken">{t('tests.untakenTitle')}</h2>
      {untaken.length === 0 ? (
        <p className={classes.quiet}>{t('tests.allTaken')}</p>
      ) : (
        <ul>
          {untaken.map((edge) => (
            <li key={edge} className="mono">
              {edge}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
