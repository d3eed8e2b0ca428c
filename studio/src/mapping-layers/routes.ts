import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const mappingLayerRoutes = [
  createRoute({
    getParentRoute,
    path: '/mappings',
    component: lazyRouteComponent(() => import('./mappings-page.tsx'), 'MappingsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/mappings/$flowId/$name',
    component: lazyRouteComponent(() => import('./mapping-page.tsx'), 'MappingPage'),
  }),
] as const;
