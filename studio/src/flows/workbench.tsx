import { IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, type MouseEvent, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/queries.ts';
import type { Catalogue, FlowDetail } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useMay } from '../app/use-may.ts';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import { draftStore } from '../editor/draft-store.ts';
import { placeOf, problemsByNode } from '../editor/problems.ts';
import { Inspector, SeveralSelected } from '../inspector/inspector.tsx';
import { isInMapping } from '../mapper/line-problems.ts';
import { AddNode } from './add-node.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { EditingContext, useHistory } from './editing.ts';
import { type FlowDialog, FlowHeader } from './flow-header.tsx';
import classes from './flow-page.module.css';
import { focusField, focusSettings, focusWiring } from './focus-field.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { openEditor } from './open-editor.ts';
import { Outline } from './outline.tsx';
import { ProblemList } from './problem-list.tsx';
import { loadAhead, Mapper, NodeView } from './shown-later.ts';
import { useCanvasEdits } from './use-canvas-edits.ts';
import { useClipboard } from './use-clipboard.ts';
import { useDrafts } from './use-drafts.ts';
import { useFlowCommands } from './use-flow-commands.ts';
import { useFollowServer } from './use-follow-server.ts';
import { useRemarks } from './use-remarks.ts';
import { useSaving } from './use-saving.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useTrials } from './use-trials.ts';
import { useValidation } from './use-validation.ts';

const nobody: ReadonlySet<string> = new Set();

/** Canvas, settings and everything around them for one flow. */
export function Workbench({ flow: server, catalogue }: { readonly flow: FlowDetail; readonly catalogue: Catalogue }) {
  const { t } = useTranslation();
  const may = useMay();
  const frozen = !may('flows.edit');
  const tenant = useQuery(sessionQuery).data?.tenant.slug ?? '';
  const [store] = useState(() => draftStore(localStorage, tenant, server.id));
  const [editor] = useState(() => openEditor(server, store));
  const history = useHistory(editor);
  const { flow, layout } = history.present;
  const catalog = useMemo(() => new Map(catalogue.nodes.map((type) => [type.id, type])), [catalogue]);
  const validation = useValidation(flow, server, catalogue);
  const byNode = useMemo(() => problemsByNode(validation.problems, flow), [validation.problems, flow]);
  const saving = useSaving(server.id, editor);
  const storageFull = useDrafts(editor, saving, store);
  const [picked, setPicked] = useState(nobody);
  const [mapping, setMapping] = useState<string>();
  const [viewed, setViewed] = useState<string>();
  const trials = useTrials(server.id, tenant, editor, catalog);
  const [dialog, setDialog] = useState<FlowDialog>();
  const [outline, setOutline] = useState(false);
  const mapped = mapping !== undefined && flow.nodes[mapping] ? mapping : undefined;
  const selected = useMemo(() => new Set([...picked].filter((id) => flow.nodes[id])), [picked, flow.nodes]);
  const [only] = selected.size === 1 ? selected : [];
  const { fitView, zoomIn, zoomOut, zoomTo } = useReactFlow();
  const inView = mapped === undefined && viewed !== undefined && flow.nodes[viewed] ? viewed : undefined;
  const onCanvas = mapped === undefined && inView === undefined;
  const inspecting = onCanvas && selected.size > 0;
  const canvas = useCanvasEdits(editor, catalog, selected, setPicked);
  const clipboard = useClipboard(editor, { ids: selected, select: setPicked, frozen: frozen || !onCanvas });
  useFollowServer(server, editor, saving);
  useEffect(loadAhead, []);

  const open = (node: string) => {
    setPicked(new Set([node]));
    setMapping(undefined);
    setViewed(undefined);
    void fitView({ nodes: [{ id: node }], maxZoom: 1, duration: 300, padding: 1 });
  };
  const editKeys = {
    undo: editor.undo,
    redo: editor.redo,
    ...(may('flows.publish') && { publish: () => setDialog('publish') }),
    ...(onCanvas && {
      add: canvas.startAdding,
      remove: canvas.removeSelected,
      duplicate: () => void clipboard.duplicate(),
      ...(only !== undefined && { connect: () => void focusWiring(only) }),
    }),
  };
  const remarks = useRemarks(trials, flow, catalog);
  useShortcuts({
    run: () => setDialog('start'),
    keys: () => setDialog('keys'),
    outline: () => setOutline((shown) => !shown),
    ...(!frozen && editKeys),
    ...(onCanvas && {
      selectAll: () => setPicked(new Set(Object.keys(flow.nodes))),
      unselect: () => setPicked(nobody),
      fit: () => void fitView({ maxZoom: 1, duration: 200, padding: 0.1 }),
      actualSize: () => void zoomTo(1, { duration: 200 }),
      zoomIn: () => void zoomIn({ duration: 120 }),
      zoomOut: () => void zoomOut({ duration: 120 }),
    }),
  });
  useFlowCommands({ editor, catalogue, open, canvas, clipboard, openDialog: setDialog, frozen });

  const enterView = ({ target }: MouseEvent) => {
    const box = target instanceof Element ? target.closest<HTMLElement>('.react-flow__node')?.dataset.id : undefined;
    if (box !== undefined && flow.nodes[box]) setViewed(box);
  };
  const enterBox = ({ key, target }: KeyboardEvent) => {
    const box = target instanceof HTMLElement && target.matches('.react-flow__node') ? target.dataset.id : undefined;
    if (key === 'Enter' && box !== undefined) void focusSettings(box);
  };
  const editing = {
    editor,
    catalog,
    connectionTypes: catalogue.connections,
    problems: validation.problems,
    hookUrls: server.hookUrls,
    open,
    openMapping: setMapping,
    openNodeView: setViewed,
    trials,
    frozen,
  };
  return (
    <EditingContext value={editing}>
      <div className={classes.workbench}>
        <title>{`${flow.name} · Millrace`}</title>
        <FlowHeader
          server={server}
          catalogue={catalogue}
          saving={saving}
          validation={validation}
          storageFull={storageFull}
          dialog={dialog}
          openDialog={setDialog}
          outline={outline}
          showOutline={setOutline}
        />
        {saving.conflict && <ConflictNotice server={server} saving={saving} />}
        <div className={classes.stage} data-inspecting={inspecting} data-outline={outline && onCanvas}>
          {mapped !== undefined ? (
            <Suspense>
              <Mapper key={mapped} node={mapped} close={() => setMapping(undefined)} />
            </Suspense>
          ) : inView !== undefined ? (
            <Suspense>
              <NodeView key={inView} node={inView} close={() => setViewed(undefined)} />
            </Suspense>
          ) : (
            <>
              {outline && <Outline selected={selected} problems={byNode} close={() => setOutline(false)} />}
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the focused box inside */}
              <div className={classes.canvas} onKeyDown={enterBox} onDoubleClick={enterView}>
                <FlowCanvas
                  label={t('flow.canvas')}
                  flow={flow}
                  layout={layout}
                  catalog={catalog}
                  problems={byNode}
                  remarks={remarks}
                  selected={selected}
                  select={setPicked}
                  {...(!frozen && { edits: canvas.edits })}
                />
                {Object.keys(flow.nodes).length === 0 && (
                  <div className={classes.nothing}>
                    <EmptyState icon={IconRoute} title={t('flow.emptyTitle')} text={t('flow.empty')} />
                  </div>
                )}
                {!frozen && <AddNode canvas={canvas} types={catalogue.nodes} />}
                <ProblemList
                  validation={validation}
                  flow={flow}
                  jump={(problem) => {
                    const { node, field } = placeOf(problem, flow);
                    if (node === undefined) return;
                    open(node);
                    if (isInMapping(field)) return setMapping(node);
                    if (field && field.length > 0) void focusField(node, field);
                  }}
                />
              </div>
              {only !== undefined && <Inspector key={only} node={only} close={() => setPicked(nobody)} />}
              {selected.size > 1 && <SeveralSelected ids={selected} />}
            </>
          )}
        </div>
        {dialog === 'keys' && <KeysDialog close={() => setDialog(undefined)} />}
      </div>
    </EditingContext>
  );
}
