import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';
import { periodOf } from './filter.ts';

export const dashboardRoutes = [
  createRoute({
    getParentRoute,
    path: '/dashboard',
    validateSearch: periodOf,
    component: lazyRouteComponent(() => import('./dashboard-page.tsx'), 'DashboardPage'),
  }),
] as const;
