import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const connectionRoutes = [
  createRoute({
    getParentRoute,
    path: '/connections',
    component: lazyRouteComponent(() => import('./connections-page.tsx'), 'ConnectionsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/connections/new',
    validateSearch: wantedType,
    component: lazyRouteComponent(() => import('./new-connection-page.tsx'), 'NewConnectionPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/connections/$connectionId',
    component: lazyRouteComponent(() => import('./connection-page.tsx'), 'ConnectionPage'),
  }),
] as const;

/** Whoever comes from a slot wants a connection of its type. */
function wantedType(search: Record<string, unknown>): { type?: string } {
  return typeof search.type === 'string' ? { type: search.type } : {};
}
