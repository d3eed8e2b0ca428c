import { lazy } from 'react';

const loadMapper = () => import('../mapper/mapper.tsx');
const loadNodeView = () => import('../inspector/node-view.tsx');

export const Mapper = lazy(() => loadMapper().then((module) => ({ default: module.Mapper })));
export const NodeView = lazy(() => loadNodeView().then((module) => ({ default: module.NodeView })));

/** Loads what is only shown later, so that it can be shown without the server, too. Where that fails it is loaded when shown. */
export function loadAhead(): void {
  for (const load of [loadMapper, loadNodeView, () => import('../inspector/schema-form.tsx')])
    load().catch(() => undefined);
}
