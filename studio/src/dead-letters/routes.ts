import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';
import { deadLetterFilterOf } from './filter.ts';

export const deadLetterRoutes = [
  createRoute({
    getParentRoute,
    path: '/dead-letters',
    validateSearch: deadLetterFilterOf,
    component: lazyRouteComponent(() => import('./dead-letters-page.tsx'), 'DeadLettersPage'),
  }),
] as const;
