import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const helpRoutes = [
  createRoute({
    getParentRoute,
    path: '/help/$page',
    component: lazyRouteComponent(() => import('./help-page.tsx'), 'HelpPage'),
  }),
] as const;
