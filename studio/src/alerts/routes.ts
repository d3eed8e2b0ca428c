import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const alertRoutes = [
  createRoute({
    getParentRoute,
    path: '/alerts',
    component: lazyRouteComponent(() => import('./alerts-page.tsx'), 'AlertsPage'),
  }),
] as const;
