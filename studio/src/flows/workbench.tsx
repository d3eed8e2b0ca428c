import { IconRoute } from '@tabler/icons-react';
import { useBlocker } from '@tanstack/react-router';
import { useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue, FlowDetail } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import { createEditor } from '../editor/editor.ts';
import { isDirty } from '../editor/history.ts';
import { placeOf, problemsByNode } from '../editor/problems.ts';
import { Inspector, SeveralSelected } from '../inspector/inspector.tsx';
import { isInMapping } from '../mapper/line-problems.ts';
import { AddNode } from './add-node.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { EditingContext, useHistory } from './editing.ts';
import { FlowHeader } from './flow-header.tsx';
import classes from './flow-page.module.css';
import { focusField, focusSettings } from './focus-field.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { ProblemList } from './problem-list.tsx';
import { useCanvasEdits } from './use-canvas-edits.ts';
import { useSaving } from './use-saving.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useValidation } from './use-validation.ts';

const Mapper = lazy(() => import('../mapper/mapper.tsx').then((module) => ({ default: module.Mapper })));
const nobody: ReadonlySet<string> = new Set();

/** Canvas, settings and everything around them for one flow. */
export function Workbench({ flow: server, catalogue }: { readonly flow: FlowDetail; readonly catalogue: Catalogue }) {
  const { t } = useTranslation();
  const [editor] = useState(() => createEditor(server.bundle, server.revision));
  const history = useHistory(editor);
  const { flow, layout } = history.present;
  const catalog = useMemo(() => new Map(catalogue.nodes.map((type) => [type.id, type])), [catalogue]);
  const validation = useValidation(flow, server);
  const byNode = useMemo(() => problemsByNode(validation.problems, flow), [validation.problems, flow]);
  const saving = useSaving(server.id, editor);
  const [picked, setPicked] = useState(nobody);
  const [mapping, setMapping] = useState<string>();
  const mapped = mapping !== undefined && flow.nodes[mapping] ? mapping : undefined;
  const selected = useMemo(() => new Set([...picked].filter((id) => flow.nodes[id])), [picked, flow.nodes]);
  const [only] = selected.size === 1 ? selected : [];
  const { fitView } = useReactFlow();
  const inspecting = mapped === undefined && selected.size > 0;
  const canvas = useCanvasEdits(editor, catalogue.nodes, selected, setPicked);
  const { reportConflict } = saving;

  useEffect(() => {
    if (server.revision <= editor.state().revision) return;
    if (isDirty(editor.state())) reportConflict();
    else editor.reopen(server.bundle, server.revision);
  }, [server, editor, reportConflict]);

  useShortcuts({
    save: () => void saving.save(),
    undo: editor.undo,
    redo: editor.redo,
    add: () => mapped === undefined && canvas.startAdding(),
    remove: () => mapped === undefined && canvas.removeSelected(),
  });
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty(editor.state()) && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty(editor.state()),
    withResolver: true,
  });

  const open = (node: string) => {
    setPicked(new Set([node]));
    setMapping(undefined);
    void fitView({ nodes: [{ id: node }], maxZoom: 1, duration: 300, padding: 1 });
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
  };
  return (
    <EditingContext value={editing}>
      <div className={classes.workbench}>
        <title>{`${flow.name} · Millrace`}</title>
        <FlowHeader server={server} catalogue={catalogue} saving={saving} validation={validation} />
        {saving.conflict && <ConflictNotice server={server} saving={saving} />}
        <div className={classes.stage} data-inspecting={inspecting}>
          {mapped !== undefined ? (
            <Suspense>
              <Mapper key={mapped} node={mapped} close={() => setMapping(undefined)} />
            </Suspense>
          ) : (
            <>
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the focused box inside */}
              <div className={classes.canvas} onKeyDown={enterBox}>
                <FlowCanvas
                  label={t('flow.canvas')}
                  flow={flow}
                  layout={layout}
                  catalog={catalog}
                  problems={byNode}
                  selected={selected}
                  select={setPicked}
                  edits={canvas.edits}
                />
                {Object.keys(flow.nodes).length === 0 && (
                  <div className={classes.nothing}>
                    <EmptyState icon={IconRoute} title={t('flow.emptyTitle')} text={t('flow.empty')} />
                  </div>
                )}
                <AddNode canvas={canvas} types={catalogue.nodes} />
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
        {blocker.status === 'blocked' && <LeaveDialog name={flow.name} stay={blocker.reset} leave={blocker.proceed} />}
      </div>
    </EditingContext>
  );
}
