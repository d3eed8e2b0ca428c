import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const syncRoutes = [
  createRoute({
    getParentRoute,
    path: '/sync',
    component: lazyRouteComponent(() => import('./sync-page.tsx'), 'SyncPage'),
  }),
] as const;
