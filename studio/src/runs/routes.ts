import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type RunStatus, runStatuses } from '../api/types.ts';
import { getParentRoute } from '../app/root-route.tsx';

export const runRoutes = [
  createRoute({
    getParentRoute,
    path: '/runs',
    validateSearch: runFilter,
    component: lazyRouteComponent(() => import('./runs-page.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/runs/$runId',
    component: lazyRouteComponent(() => import('./run-page.tsx'), 'RunPage'),
  }),
] as const;

/** Filters of the run list; an unknown status in the address is passed over. */
function runFilter(search: Record<string, unknown>): { flow?: string; status?: RunStatus } {
  const status = runStatuses.find((known) => known === search.status);
  return { ...(typeof search.flow === 'string' && { flow: search.flow }), ...(status && { status }) };
}
