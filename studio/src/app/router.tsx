import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { alertRoutes } from '../alerts/routes.ts';
import { flowTestRoutes } from '../flow-tests/routes.ts';
import { flowRoutes } from '../flows/routes.ts';
import { promotionRoutes } from '../promotions/routes.ts';
import { runRoutes } from '../runs/routes.ts';
import { templateRoutes } from '../templates/routes.ts';
import { versionRoutes } from '../versions/routes.ts';
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
    ...versionRoutes,
    ...flowTestRoutes,
    ...promotionRoutes,
    ...templateRoutes,
    ...runRoutes,
    ...alertRoutes,
  ]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
