import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { alertRoutes } from '../alerts/routes.ts';
import { dashboardRoutes } from '../dashboard/routes.ts';
import { deadLetterRoutes } from '../dead-letters/routes.ts';
import { flowRoutes } from '../flows/routes.ts';
import { runRoutes } from '../runs/routes.ts';
import { syncRoutes } from '../sync/routes.ts';
import { waitingRoutes } from '../waiting/routes.ts';
import { getParentRoute, rootRoute } from './root-route.tsx';

const home = createRoute({
  getParentRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/flows' });
  },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    home,
    ...flowRoutes,
    ...runRoutes,
    ...waitingRoutes,
    ...deadLetterRoutes,
    ...alertRoutes,
    ...dashboardRoutes,
    ...syncRoutes,
  ]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
