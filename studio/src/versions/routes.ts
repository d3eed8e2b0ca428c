import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const versionRoutes = [
  createRoute({
    getParentRoute,
    path: '/flows/$flowId/versions',
    component: lazyRouteComponent(() => import('./versions-page.tsx'), 'VersionsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/flows/$flowId/difference',
    validateSearch: ends,
    component: lazyRouteComponent(() => import('./difference-page.tsx'), 'DifferencePage'),
  }),
] as const;

/** Two names of versions; the draft against what serves in production where the address says nothing. */
function ends(search: Record<string, unknown>): { from?: string; to?: string } {
  const { from, to } = search;
  return { ...(isName(from) && { from: String(from) }), ...(isName(to) && { to: String(to) }) };
}

function isName(value: unknown): boolean {
  return /^(draft|sandbox|production|[0-9]{1,9}|[0-9a-f]{64})$/.test(String(value));
}
