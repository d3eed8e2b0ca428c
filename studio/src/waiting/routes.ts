import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';
import { waitingFilterOf } from './filter.ts';

export const waitingRoutes = [
  createRoute({
    getParentRoute,
    path: '/waiting',
    validateSearch: waitingFilterOf,
    component: lazyRouteComponent(() => import('./waiting-page.tsx'), 'WaitingPage'),
  }),
] as const;
