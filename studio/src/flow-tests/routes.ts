import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const flowTestRoutes = [
  createRoute({
    getParentRoute,
    path: '/flows/$flowId/tests',
    validateSearch: made,
    component: lazyRouteComponent(() => import('./tests-page.tsx'), 'TestsPage'),
  }),
] as const;

/** `run`: a test is to be made of that run. */
function made({ run }: Record<string, unknown>): { run?: string } {
  return typeof run === 'string' ? { run } : {};
}
