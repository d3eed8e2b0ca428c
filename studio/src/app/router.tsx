import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { type RunStatus, runStatuses } from '../api/types.ts';
import { CrashPage, NotFoundPage } from './error-pages.tsx';
import { Session } from './session.tsx';

const root = createRootRoute({ component: Session, notFoundComponent: NotFoundPage, errorComponent: CrashPage });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/flows' });
  },
});

const flows = createRoute({
  getParentRoute: () => root,
  path: '/flows',
  component: lazyRouteComponent(() => import('../flows/flows-page.tsx'), 'FlowsPage'),
});

const flow = createRoute({
  getParentRoute: () => root,
  path: '/flows/$flowId',
  component: lazyRouteComponent(() => import('../flows/flow-page.tsx'), 'FlowPage'),
});

/** Filters of the run list; an unknown status in the address is passed over. */
function runFilter(search: Record<string, unknown>): { flow?: string; status?: RunStatus } {
  const status = runStatuses.find((known) => known === search.status);
  return { ...(typeof search.flow === 'string' && { flow: search.flow }), ...(status && { status }) };
}

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: runFilter,
  component: lazyRouteComponent(() => import('../runs/runs-page.tsx'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('../runs/run-page.tsx'), 'RunPage'),
});

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  component: lazyRouteComponent(() => import('../alerts/alerts-page.tsx'), 'AlertsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, flows, flow, runs, run, alerts]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
