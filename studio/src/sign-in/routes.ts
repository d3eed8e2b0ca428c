import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

/** Pages for who has no session yet. */
export const signInRoutes = [
  createRoute({
    getParentRoute,
    path: '/welcome',
    component: lazyRouteComponent(() => import('./welcome-page.tsx'), 'WelcomePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/reset-password',
    component: lazyRouteComponent(() => import('./reset-page.tsx'), 'ResetPage'),
  }),
] as const;
