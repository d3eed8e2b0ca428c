import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';
import { alertViewOf } from './views.ts';

export const alertRoutes = [
  createRoute({
    getParentRoute,
    path: '/alerts',
    validateSearch: alertViewOf,
    component: lazyRouteComponent(() => import('./alerts-page.tsx'), 'AlertsPage'),
  }),
] as const;
